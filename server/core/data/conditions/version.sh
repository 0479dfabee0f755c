# version A OPERATOR B: compares as "sort -V" does; OPERATOR is lt, le, ge or gt.
version() {
	first=$(printf '%s\n' "$1" "$3" | sort -V | head -n 1)
	case $2 in
	lt) [ "$1" != "$3" ] && [ "$first" = "$1" ] ;;
	le) [ "$first" = "$1" ] ;;
	ge) [ "$first" = "$3" ] ;;
	gt) [ "$1" != "$3" ] && [ "$first" = "$3" ] ;;
	esac
}
