package org.moelab.gpu.engine;

import java.util.function.Supplier;

/// A session that also tells which experts its tokens were sent to.
///
/// @param session closed with it
/// @param routing gives the routing of the step fed last; waits until the step is done
public record RoutedSession(Session session, Supplier<StepRouting> routing) implements AutoCloseable {
    @Override
    public void close() {
        session.close();
    }
}
