#!/bin/sh
# Makes a throw-away world in the namespaces it is started in, and becomes its first process.
# usage: world.sh SHARED PROBE PROGRAM...
# SHARED: a directory that becomes /srv/observe; PROBE: the program that becomes /srv/probe.
set -eu
shared=$1 probe=$2
shift 2

# A root of its own: what the machine has, and on top of it all that is written here.
mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
root=/mnt/root

for at in tmp:1777 run:0755 home:0755 root:0700 srv:0755 mnt:0755 var/tmp:1777 dev:0755; do
    mount -t tmpfs -o "mode=${at#*:}" tmpfs "$root/${at%:*}"
done
mkdir "$root/srv/observe" "$root/srv/work"
chmod 1777 "$root/srv/work"
mount --bind "$shared" "$root/srv/observe"
cp "$probe" "$root/srv/probe"

for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 kmsg:1:11; do
    numbers=${node#*:}
    mknod -m 0666 "$root/dev/${node%%:*}" c "${numbers%:*}" "${numbers#*:}"
done
mkdir -m 1777 "$root/dev/shm" "$root/dev/mqueue"
mkdir "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
mount -t mqueue mqueue "$root/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t sysfs -o nosuid,nodev,noexec sysfs "$root/sys"
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"

cd "$root"
mkdir mnt/old
pivot_root . mnt/old
exec chroot . /bin/sh -eu /srv/observe/furnish.sh "$@"
