# Sourced by the start scripts.

# suits HOME VERSION TOOL: whether HOME is a Java installation of at least VERSION that has TOOL.
# Its release file tells the version without starting Java.
suits() {
    [ -x "$1/bin/$3" ] && [ -r "$1/release" ] || return 1
    while IFS='="' read -r key _ value _; do
        [ "$key" = JAVA_VERSION ] && [ "${value%%[!0-9]*}" -ge "$2" ] && return
    done < "$1/release"
    return 1
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
