# Sourced: what is seen of the image in a container engine: one that answers, or one of this run's own (kube.d/container.sh).

most_seconds_ready=2 most_mebibytes=200 idle_seconds=20
container_name=kubekv-image-$$ reference='' container='' address=''

# Fails with the reason `none` where there is no engine.
engine_answers() {
  container_folder=$(mktemp -d "${TMPDIR:-/tmp}/kubekv-engine.XXXXXX") || return
  if [ -n "$engine_inside" ]; then
    engine_up 2> "$container_folder/said" || because "$(tail -n 3 "$container_folder/said" | tr '\n' ' ')" || return
  else
    docker info > /dev/null 2>&1 || because none || return
  fi
  note "Docker $(docker version --format '{{.Server.Version}}')"
}

engine_checks_end() {
  [ -z "$container" ] || docker rm --force --volumes "$container" > /dev/null 2>&1
  [ -z "$reference" ] || docker rmi "$reference" > /dev/null 2>&1
  engine_down
  [ -z "$container_folder" ] || rm -rf "$container_folder"
}

engine_checks() {
  check "the engine takes the archive" loaded || return
  check "it says what it is: \`kubekv version\`" says_version
  check "the ahead-of-time cache is used, and one that does not fit would be told" cache_used
  check "ready in at most $most_seconds_ready s after the engine's start" ready_soon
  is_ready || return
  check "as nobody, without privileges, on a root that cannot be written" unprivileged
  check "an etcd v2 put, and a get of it" put_and_got
  check "the verbs by docker exec" verbs_inside
  check "at most $most_mebibytes MiB resident when idle" small_when_idle
  check "SIGTERM ends it at once, with 0" ends_in_order
  check "its keys are there when it starts again" keys_kept
  check "the same under Testcontainers" under_testcontainers
}

loaded() {
  local said
  said=$(docker load --input "$tar" 2>&1) || because "$said" || return
  reference=$(sed -n 's/^Loaded image: //p' <<< "$said")
  [ "$reference" = "kubekv:$(sed -n 's/^appVersion: *//p' "$repository/helm/kubekv/Chart.yaml")" ] || because "it is called $reference, not as the chart wants it"
}

says_version() {
  local said
  said=$(docker run --rm "$reference" version -o json 2>&1) || because "$said" || return
  grep -qF "\"revision\":\"$(git -C "$repository" rev-parse HEAD)\"" <<< "$said" && grep -qF '"packaging":"image"' <<< "$said" || because "$said" || return
  note "$(docker run --rm "$reference" version | tr -s ' \n' ' ')"
}

cache_used() {
  local said java=(docker run --rm --entrypoint /opt/java/bin/java "$reference" @/opt/kubekv/java.options -XX:AOTMode=on)
  said=$("${java[@]}" -Xlog:class+load io.kubekv.server.Main version 2>&1) || because "$(tail -n 3 <<< "$said")" || return
  grep -q 'io.kubekv.server.Main source: shared objects file' <<< "$said" || because "$(grep -m 1 'io.kubekv.server.Main ' <<< "$said")" || return
  note "$(grep -c 'source: shared objects file' <<< "$said") of $(grep -c ' source: ' <<< "$said") classes come from it"
  ! "${java[@]}" -XX:-UseCompactObjectHeaders io.kubekv.server.Main version > /dev/null 2>&1 || because "it starts with a cache that does not fit"
}

# The best of three starts: other work on the machine only makes it later. With --quick it is told and not judged, as times are nowhere in a build.
ready_soon() {
  local times=() best tries=3
  [ $quick = no ] || tries=2
  while [ ${#times[@]} -lt $tries ]; do
    [ -z "$container" ] || docker rm --force --volumes "$container" > /dev/null
    container=$(docker create --name "$container_name" --memory 1g --read-only --tmpfs /tmp --volume /var/lib/kubekv --cap-drop ALL --security-opt no-new-privileges "$reference" \
      serve --etcd-listen 0.0.0.0:2379 --ops-listen 0.0.0.0:2381) || return
    start_until_ready && times+=("$took") || because "$(docker logs "$container" 2>&1 | tail -n 3)" || return
  done
  best=$(printf '%s\n' "${times[@]}" | sort -n | head -1)
  note "${times[*]} ms, the best $best ms"
  [ $quick = yes ] || [ "$best" -le $((most_seconds_ready * 1000)) ] || because "$NOTE"
}

# Sets $took, in milliseconds, and $address.
start_until_ready() {
  local began deadline=$((SECONDS + 30))
  began=$(now_ms)
  docker start "$container" > /dev/null || return
  address=$(docker inspect --format '{{.NetworkSettings.IPAddress}}' "$container")
  until is_ready; do [ $SECONDS -lt $deadline ] || return; sleep 0.02; done
  took=$(($(now_ms) - began))
}

is_ready() { [ "$(curl --noproxy '*' -s -o /dev/null --max-time 1 -w '%{http_code}' "http://$address:2381/readyz")" = 200 ]; }

main_process() { docker inspect --format '{{.State.Pid}}' "$container"; }

unprivileged() {
  local status
  status=$(cat "/proc/$(main_process)/status") || because "its process cannot be seen from here" || return
  [ "$(awk '/^Uid:/ {print $2, $3}' <<< "$status")" = "10001 10001" ] || because "its user is $(grep ^Uid: <<< "$status")" || return
  [ "$(awk '/^Cap(Eff|Prm):/ {print $2}' <<< "$status" | sort -u)" = 0000000000000000 ] || because "it has $(grep ^Cap <<< "$status" | tr '\n' ' ')" || return
  grep -q ' / overlay ro,\| / [^ ]* ro,\| / ro,' "/proc/$(main_process)/mountinfo" || because "its root can be written"
}

keys() { curl --noproxy '*' -sS --max-time 5 "http://$address:2379/v2/keys/$1" "${@:2}" 2>&1; }

# Nothing but the program's own file is between the engine and the virtual machine: there is no shell.
verbs_inside() {
  local said
  said=$(docker exec "$container" kubekv put inside "two words" 2>&1) && [[ $said =~ ^[0-9]+$ ]] || because "$said" || return
  said=$(docker exec "$container" kubekv get inside 2>&1) && [ "$said" = "two words" ] || because "$said" || return
  said=$(docker exec "$container" kubekv get nowhere 2>&1) && because "it finds what is not there: $said" && return 1
  [ "$said" = "kubekv: nowhere: no such key" ] || because "$said"
}

put_and_got() {
  local said
  said=$(keys greeting -XPUT -d value=hello) && [[ $said == '{"action":"set"'* ]] || because "$said" || return
  said=$(keys greeting) && [[ $said == *'"value":"hello"'* ]] || because "$said"
}

# Of the process: what it shares with nobody and what it has mapped. The engine's figure counts files that the system merely keeps.
small_when_idle() {
  local mebibytes
  sleep $idle_seconds
  mebibytes=$(awk '/^VmRSS:/ {print int($2 / 1024 + 0.5)}' "/proc/$(main_process)/status")
  note "VmRSS $mebibytes MiB (of it mapped files $(awk '/^RssFile:/ {print int($2 / 1024 + 0.5)}' "/proc/$(main_process)/status") MiB) after $idle_seconds s"
  [ $quick = yes ] || [ "$mebibytes" -le $most_mebibytes ] || because "$NOTE"
}

ends_in_order() {
  local began code
  began=$(now_ms)
  docker stop --time 20 "$container" > /dev/null || return
  code=$(docker inspect --format '{{.State.ExitCode}}' "$container")
  note "$(($(now_ms) - began)) ms"
  [ "$code" = 0 ] || because "its exit code is $code" || return
  [ $(($(now_ms) - began)) -lt 5000 ] || because "it took $NOTE"
}

keys_kept() {
  local said
  start_until_ready || because "$(docker logs "$container" 2>&1 | tail -n 3)" || return
  said=$(keys greeting) && [[ $said == *'"value":"hello"'* ]] || because "$said"
}

under_testcontainers() {
  local said
  # what removes containers after a crash is an image of a registry; a gateway is found by one, too
  export TESTCONTAINERS_RYUK_DISABLED=true
  [ ! -e /.dockerenv ] || export TESTCONTAINERS_HOST_OVERRIDE=${TESTCONTAINERS_HOST_OVERRIDE:-127.0.0.1}
  said=$(java_program io.kubekv.e2e.container.ImageCheck "$reference" 2> "$work/testcontainers.log") \
    || because "$said $(grep -v '^SLF4J' "$work/testcontainers.log" | tail -n 3 | tr '\n' ' ')" || return
  note "$said"
}
