# Sourced: what kubekv keeps its keys in during a check. By default its own API server; with --kube a control plane that is started for the check; with
# --kubeconfig FILE (an administrator's) a given cluster. Each kubekv that the check starts gets a store of its own there, as a service account with no
# other rights (new-store, which StoreProcess runs).
#
#   choose_substrate "$@"      takes these arguments out, leaves the others in $arguments
#   on_substrate COMMAND...    runs the command, and takes away afterwards what was put there

arguments=()
substrate=embedded
. "$here/kube.d/control-plane.sh"

choose_substrate() {
  while [ $# -gt 0 ]; do
    case $1 in
      --kube) substrate=started ;;
      --kubeconfig)
        [ -r "${2:-}" ] || { echo "--kubeconfig needs a file that can be read" >&2; exit 2; }
        substrate=given E2E_KUBECONFIG=$(readlink -f "$2")
        shift
        ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done
}

on_substrate() {
  [ $substrate = embedded ] && "$@" # does not return when the command is java_program
  [ $substrate = embedded ] && return
  trap substrate_down EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  substrate_up
  ("$@") &
  substrate_child=$!
  wait "$substrate_child"
}

substrate_child=''

substrate_up() {
  if [ $substrate = started ]; then
    kube_up_temporary
    export E2E_KUBECONFIG=$kube_dir/kubeconfig E2E_KUBE_FOLDER=$kube_dir
  else
    install_kubectl
    E2E_KUBE_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/kubekv-kube.XXXXXX")
    export E2E_KUBECONFIG E2E_KUBE_FOLDER
  fi
  export E2E_KUBE_LABEL="kubekv-e2e: \"$$\""
}

substrate_down() {
  if [ -n "$substrate_child" ] && kill -TERM "$substrate_child" 2>/dev/null; then
    wait "$substrate_child" 2>/dev/null || true
  fi
  if [ $substrate = started ]; then
    kube_down_temporary
  elif [ -n "${E2E_KUBE_FOLDER:-}" ]; then
    "$kubectl_current" --kubeconfig "$E2E_KUBECONFIG" delete namespace --selector "kubekv-e2e=$$" --wait=false >/dev/null || true
    rm -rf "$E2E_KUBE_FOLDER"
  fi
}
