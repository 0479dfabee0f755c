# controller NAME: the kernel has this cgroup controller, in hierarchy v2 or, where that isn't the only one, in v1.
controller() {
	if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
		tr ' ' '\n' </sys/fs/cgroup/cgroup.controllers | grep -qx "$1"
	else
		cut -d : -f 2 /proc/self/cgroup | tr , '\n' | grep -qx "$1"
	fi
}
