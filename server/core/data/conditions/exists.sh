# exists FILE…: one of them is there.
exists() {
	for file; do
		[ ! -e "$file" ] && [ ! -L "$file" ] || return 0
	done
	return 1
}
