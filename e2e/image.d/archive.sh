# Sourced: what is seen of the image without running it.

most_megabytes=120

archive() { python3 "$here/image.d/archive.py" "$@"; }

archive_checks() {
  check "at most $most_megabytes MB compressed" small
  check "four layers: runtime, others' jars, own jars, cache" four_layers
  check "labels, user, entry point" described
  check "every jar is in the bill of materials" jars_listed
}

small() {
  local bytes
  bytes=$(archive layers "$tar" | awk '{sum += $3} END {print sum}')
  note "$(archive layers "$tar" | awk '{printf "%s%s %.1f", (NR > 1 ? ", " : ""), $1, $3 / 1e6}') MB"
  note "$(awk -v bytes="$bytes" 'BEGIN {printf "%.1f MB in all", bytes / 1e6}')"
  [ "$bytes" -gt 0 ] && [ "$bytes" -le $((most_megabytes * 1000000)) ] || because "$NOTE"
}

four_layers() {
  local names
  names=$(archive layers "$tar" | awk '{print $1}' | tr '\n' ' ')
  [ "$names" = "runtime dependencies own cache " ] || because "they are $names"
}

described() {
  local said expected
  said=$(archive config "$tar") || return
  for expected in "user=10001:10001" 'entrypoint=/opt/java/bin/java @/opt/kubekv/java.options io.kubekv.server.Main' cmd=serve title=kubekv \
    "version=$(sed -n 's/^appVersion: *//p' "$repository/helm/kubekv/Chart.yaml")" "revision=$(git -C "$repository" rev-parse HEAD)" \
    source=https://github.com/kubekv/kubekv "created=$(sed -n 's|.*<project.build.outputTimestamp>\(.*\)</.*|\1|p' "$repository/pom.xml")"; do
    grep -qxF -- "$expected" <<< "$said" || because "it does not say $expected but: $(grep "^${expected%%=*}=" <<< "$said")" || return
  done
  grep -q '^licenses=Apache-2.0' <<< "$said" || because "it has no label for its licences"
}

jars_listed() {
  local said
  said=$(archive jars "$tar" "$repository/kv-server/target/kubekv-sbom.json" 2>&1) || because "$said" || return
  note "$said"
}
