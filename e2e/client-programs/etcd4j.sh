#!/usr/bin/env bash
# Builds the program in etcd4j/ when it changed, and runs it. usage: etcd4j.sh URL; the JDK is JAVA_HOME's
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/etcd4j" && pwd)
built=$here/target/built
mkdir -p "$here/target"
exec 9>"$here/target/lock"
flock 9
if [ ! -f "$built" ] || [ -n "$(find "$here/pom.xml" "$here/src" -newer "$built" -print -quit)" ]; then
  if ! mvn -q -B -f "$here/pom.xml" package dependency:copy-dependencies -DincludeScope=runtime >"$here/target/build.log" 2>&1; then
    cat "$here/target/build.log"
    exit 1
  fi
  touch "$built"
fi
exec 9>&-
# its old Netty warns on new JDKs about its ways into the memory
exec "$JAVA_HOME/bin/java" -cp "$here/target/classes:$here/target/dependency/*" io.kubekv.e2e.etcd4j.Program "$1" 2> >(grep -v '^WARNING: ' >&2)
