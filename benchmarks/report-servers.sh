# Sourced by benchmarks/run: installs the servers that the report measures kubekv beside, names them by BENCHMARKS_*, and starts a control plane for those
# that need one. ZooKeeper is Debian's, where it is installed. Needs $here (the folder e2e).
#
#   with_servers COMMAND [--no-kube] ARGUMENTS...     runs the command; exits with its code, with what was started gone

with_servers() {
  local kube=yes command=() word
  for word; do
    if [ "$word" = --no-kube ]; then kube=no; else command+=("$word"); fi
  done
  . "$here/tools.sh"
  install_etcd35 && export BENCHMARKS_ETCD35=$etcd35
  install_etcd36 && export BENCHMARKS_ETCD36=$etcd36
  install_consul && export BENCHMARKS_CONSUL=$consul E2E_CONSUL=$consul
  [ -f /usr/share/java/zookeeper.jar ] || echo "ZooKeeper is not installed (Debian: apt-get install zookeeper): it is left out" >&2
  . "$here/kube.d/substrate.sh"
  if [ $kube = yes ] && install_kube_apiserver && install_kube_controller_manager && install_kubectl; then
    export BENCHMARKS_KUBE_APISERVER=$kube_apiserver
    substrate=started
  fi
  on_substrate "${command[@]}"
  exit
}
