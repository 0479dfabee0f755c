# virtualization: prints "container NAME" or "vm NAME", or "none".
virtualization() {
	name=$(tr '\0' '\n' 2>/dev/null </proc/1/environ | sed -n 's/^container=//p')
	if [ -e /proc/vz ] && [ ! -e /proc/bc ]; then
		echo container openvz
	elif grep -qs -e Microsoft -e WSL /proc/sys/kernel/osrelease; then
		echo container wsl
	elif [ "${name:-oci}" != oci ]; then
		echo "container $name"
	elif [ -e /run/.containerenv ]; then
		echo container podman
	elif [ -e /.dockerenv ]; then
		echo container docker
	elif [ "$name" = oci ]; then
		echo container container-other
	elif [ -r /proc/xen/capabilities ]; then
		grep -q control_d /proc/xen/capabilities && echo none || echo vm xen
	elif grep -qs xen /sys/hypervisor/type; then
		echo vm xen
	elif grep -qs 'User Mode Linux' /proc/cpuinfo; then
		echo vm uml
	else
		case $(cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name 2>/dev/null) in
		*Amazon*) echo vm amazon ;;
		*Google*) echo vm google ;;
		*VMware*) echo vm vmware ;;
		*VirtualBox* | *innotek*) echo vm oracle ;;
		*Microsoft*Virtual*) echo vm microsoft ;;
		*Parallels*) echo vm parallels ;;
		*BHYVE*) echo vm bhyve ;;
		*Bochs*) echo vm bochs ;;
		*Apple*Virtual*) echo vm apple ;;
		*KVM* | *OpenStack* | *KubeVirt*) echo vm kvm ;;
		*)
			if grep -qs kvm /sys/devices/system/clocksource/clocksource0/available_clocksource; then
				echo vm kvm
			elif grep -qs QEMU /sys/class/dmi/id/sys_vendor; then
				echo vm qemu
			elif grep -qs '^flags.* hypervisor' /proc/cpuinfo; then
				echo vm vm-other
			else
				echo none
			fi
			;;
		esac
	fi
}
