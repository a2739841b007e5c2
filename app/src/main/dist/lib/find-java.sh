# Sourced by the start scripts.

# java_version HOME: prints the version of a Java installation, 25 for 25.0.3. Its release file tells it without starting Java.
java_version() {
    while IFS='="' read -r key _ value _; do
        [ "$key" = JAVA_VERSION ] && printf '%s' "${value%%[!0-9]*}" && return
    done < "$1/release"
    return 1
}

# suits HOME VERSION TOOL: whether HOME is a Java installation of at least VERSION that has TOOL.
suits() {
    [ -x "$1/bin/$3" ] && [ -r "$1/release" ] && [ "$(java_version "$1")" -ge "$2" ] 2> /dev/null
}

# find_java VERSION TOOL: prints the first suitable installation among JAVA_HOME, the usual folders and PATH.
find_java() {
    for candidate in "${JAVA_HOME-}" /usr/lib/jvm/*"$1"* /usr/java/*"$1"* /opt/java/*"$1"* /opt/*j[dr][ke]*"$1"* \
            "${HOME-}"/.jdks/*"$1"* "${HOME-}"/.sdkman/candidates/java/"$1"*; do
        suits "$candidate" "$1" "$2" && printf '%s' "$candidate" && return
    done
    candidate=$(command -v "$2") || return
    candidate=$(readlink -f -- "$candidate")
    suits "${candidate%/bin/*}" "$1" "$2" && printf '%s' "${candidate%/bin/*}"
}
