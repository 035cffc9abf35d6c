# Keeps one replica running, as the system that runs it in earnest would: starts it, and again three seconds after it has ended.
#   keep.sh FOLDER COMMAND...
# In FOLDER are `pid` (of the session in which the replica runs, while it runs) and `log`. SIGTERM stops the replica in order; the status is then the replica's.
set -u
folder=$1
shift
pid=""

stop() {
  kill -TERM $(pgrep -s "$pid") 2> /dev/null
  wait "$pid"
  status=$?
  rm -f "$folder/pid"
  exit $status
}

while :; do
  # setpriv becomes what it runs, so the session bears the number of this job
  setpriv --pdeathsig KILL setsid "$@" >> "$folder/log" 2>&1 &
  pid=$!
  echo $pid > "$folder/pid"
  trap stop TERM
  wait $pid
  rm -f "$folder/pid"
  trap 'exit 1' TERM # there is nothing to stop
  sleep 3 &
  wait $!
done
