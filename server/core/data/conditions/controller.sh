# controller NAME: the kernel has this cgroup controller, in hierarchy v2 or v1.
controller() {
	root=$(sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - cgroup2 .*/\1/p' /proc/self/mountinfo | head -n 1)
	tr ' ' '\n' <"${root:-/}/cgroup.controllers" 2>/dev/null | grep -qx "$1" ||
		cut -d : -f 2 /proc/self/cgroup | tr , '\n' | grep -qx "$1"
}
