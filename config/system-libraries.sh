#!/bin/sh
# Whether the system has what the tests of the window need beside Java; else one line that says how to get it.
found=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
case $found in
    *libpangoft2-1.0.so.0*) ;;
    *)
        echo "JavaFX needs the system library libpangoft2-1.0.so.0 for the tests of the window: apt-get install libpangoft2-1.0-0" >&2
        exit 1
        ;;
esac
