# Sourced by the programs in Java. run_java PROJECT CLASS ARGUMENTS: builds the Maven project when it changed, and becomes the class.
# The projects stand outside the build, whose dependencies they must not change. The JDK is JAVA_HOME's.
run_java() {
  local project built
  project=$(cd "$(dirname "${BASH_SOURCE[0]}")/$1" && pwd)
  built=$project/target/built
  mkdir -p "$project/target"
  exec 9>"$project/target/lock"
  flock 9
  if [ ! -f "$built" ] || [ -n "$(find "$project/pom.xml" "$project/src" -newer "$built" -print -quit)" ]; then
    if ! mvn -q -B -f "$project/pom.xml" package dependency:copy-dependencies -DincludeScope=runtime >"$project/target/build.log" 2>&1; then
      cat "$project/target/build.log"
      exit 1
    fi
    touch "$built"
  fi
  exec 9>&-
  # old libraries warn on new JDKs about their ways into the memory
  exec "$JAVA_HOME/bin/java" -cp "$project/target/classes:$project/target/dependency/*" "${@:2}" 2> >(grep -v '^WARNING: ' >&2)
}
