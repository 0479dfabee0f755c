# os_release FIELD: prints what /etc/os-release says of it.
os_release() {
	file=/etc/os-release
	[ -e "$file" ] || file=/usr/lib/os-release
	value=$(sed -n "s/^$1=//p" "$file" | tail -n 1)
	case $value in
	\"*\" | \'*\') value=${value#?} value=${value%?} ;;
	esac
	printf '%s\n' "$value"
}
