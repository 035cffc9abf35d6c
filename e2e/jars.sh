# Sourced by e2e/run and benchmarks/run: finds a JDK and keeps the Java programs of both folders built.
# Needs $repository; sets $java_home and defines java_program.

# the newest JDK >= 21 among JAVA_HOME, the java on the PATH and the usual folders
find_jdk() {
  local candidate version best=0
  java_home=
  for candidate in "${JAVA_HOME:-}" "$(readlink -f "$(command -v java || true)" 2>/dev/null | sed 's:/bin/java$::')" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -x "$candidate/bin/javac" ] && [ -f "$candidate/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
    if [ "${version:-0}" -ge 21 ] && [ "$version" -gt "$best" ]; then
      best=$version java_home=$candidate
    fi
  done
  if [ -z "$java_home" ]; then
    echo "no JDK 21 or newer found: install one (Debian: apt-get install openjdk-21-jdk) or point JAVA_HOME at it" >&2
    return 1
  fi
}

# Builds e2e and benchmarks when a source is newer than the last build: benchmarks measure inside the other modules. Silent unless it fails.
build_jars() {
  local built=$repository/e2e/target/built log=$repository/e2e/target/build.log
  mkdir -p "$repository/e2e/target"
  exec 9>"$repository/e2e/target/build.lock"
  flock 9
  if [ ! -f "$built" ] || [ -n "$(find "$repository/pom.xml" "$repository"/{e2e,benchmarks,kv-*} -name target -prune -o \( -name pom.xml -o -path '*/src/main*' \) -newer "$built" -print -quit)" ]; then
    [ -t 2 ] && echo "building the end-to-end programs ..." >&2
    if ! (cd "$repository" && JAVA_HOME=$java_home mvn -q -B -pl e2e,benchmarks -am package \
      -DskipTests -Dspotless.check.skip=true -Djacoco.skip=true \
      dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory='${project.build.directory}/lib') >"$log" 2>&1; then
      cat "$log" >&2
      echo "the build failed: see above, or $log" >&2
      return 1
    fi
    touch "$built"
  fi
  exec 9>&-
}

# java_program MAIN-CLASS ARGUMENTS: becomes one of the Java programs of e2e or benchmarks
java_program() {
  exec "$java_home/bin/java" --enable-native-access=ALL-UNNAMED -Dkubekv.repository="$repository" \
    -cp "$repository/e2e/target/classes:$repository/benchmarks/target/classes:$repository/e2e/target/lib/*:$repository/benchmarks/target/lib/*" "$@"
}
export repository java_home
export -f java_program
