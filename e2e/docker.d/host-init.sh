# The first process of a host: makes its namespaces fit for an engine, says so, and waits to be killed.
# As process 1 bash reaps what dead engines leave behind. Argument: the host's folder, whose name is the host's.
set -eu
home=$1

echo "${home##*/}" > /proc/sys/kernel/hostname
mount -t tmpfs tmpfs /run
mkdir /run/lock
# Engines write /etc/docker/key.json and /opt/containerd; here that ends in the tmpfs.
for folder in /etc /opt; do
  mkdir -p "/run/over$folder/upper" "/run/over$folder/work"
  mount -t overlay -o "lowerdir=$folder,upperdir=/run/over$folder/upper,workdir=/run/over$folder/work" overlay "$folder"
done
mkfifo "$home/hold"
touch "$home/up"
while :; do read -r _ <> "$home/hold"; done
