#!/bin/sh
# Furnishes the world that world.sh made: users, markers, network; then becomes "$@".
umount -l /mnt/old
rmdir /mnt/old

echo world >/etc/hostname
echo world >/proc/sys/kernel/hostname
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
rm -f /etc/fstab /etc/locale.conf /etc/default/locale
rm -rf /etc/systemd/system/* /etc/systemd/system.conf.d
echo 'svc:x:4711:4711:Service:/home/svc:/bin/sh' >>/etc/passwd
printf '%s\n' 'svc:x:4711:' 'extra:x:4712:svc' 'more:x:4713:' 'other:x:4714:' >>/etc/group

mkdir -m 0755 /home/svc
chown 4711:4711 /home/svc
for folder in /home/svc /root /tmp /var/tmp; do
    echo "$folder" >"$folder/marker"
done

mkdir -p /run/lock /run/user /run/systemd/system /run/systemd/journal
ln -s /srv/observe/journal /run/systemd/journal/stdout
cp -r /srv/observe/units/. /run/systemd/system

ip link set lo up
ip link add net0 type veth peer name net1
ip link set net0 up

umask 022
: >/run/furnished
cd /
exec "$@"
