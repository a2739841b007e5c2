package org.moelab.app.language;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/// Whom to ask.
///
/// @param address where questions are sent
/// @param dialect how it is spoken to
/// @param model its name there
/// @param key the secret; absent where the endpoint is on this machine and needs none
public record Endpoint(URI address, Dialect dialect, String model, Optional<ApiKey> key) {
    private static final int MOST_PORT = 65535;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /// An endpoint by its address.
    ///
    /// @param text an address with http or https; a path is completed
    /// @param dialect how it is spoken to, where the address does not tell
    /// @throws LanguageModelException where it is none, has a secret in it, or would show the key to the network
    public static Endpoint of(String text, Optional<Dialect> dialect, String model, KeySource keys)
            throws LanguageModelException {
        URI address = parsed(text);
        Dialect spoken = dialect.orElseGet(() -> Dialect.of(address));
        Optional<ApiKey> key = keys.find(spoken);
        boolean here = THIS_MACHINE.contains(address.getHost());
        if (key.isEmpty() && !here) {
            throw new LanguageModelException("no key for " + address.getHost() + ": neither " + ApiKey.ANY + " nor "
                    + spoken.keyVariable() + " is set");
        }
        if (key.isPresent() && !here && address.getScheme().equals("http")) {
            throw new LanguageModelException(
                    address.getHost() + ": a key goes over https only, and this address is http");
        }
        return new Endpoint(spoken.address(address), spoken, model, key);
    }

    /// Where a key comes from.
    @FunctionalInterface
    public interface KeySource {
        /// @throws LanguageModelException where there is something that cannot be a key
        Optional<ApiKey> find(Dialect dialect) throws LanguageModelException;
    }

    private static URI parsed(String text) throws LanguageModelException {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException _) {
            throw new LanguageModelException("the endpoint is no address: expected https://HOST");
        }
        String scheme = address.getScheme();
        if (address.getHost() == null || address.getPort() > MOST_PORT
                || !"http".equals(scheme) && !"https".equals(scheme)) {
            throw new LanguageModelException("the endpoint is no address: expected https://HOST");
        }
        if (address.getRawUserInfo() != null || address.getRawQuery() != null) {
            throw new LanguageModelException(address.getHost()
                    + ": the endpoint's address holds more than host and path; a key belongs into the environment");
        }
        return address;
    }

    /// The host, with the port where it is not the usual one.
    String place() {
        return address.getPort() < 0 ? host() : host() + ":" + address.getPort();
    }

    String host() {
        return address.getHost();
    }

    /// Whom, in words.
    public String about() {
        return model + " at " + address + " (" + dialect.label() + ")";
    }
}
