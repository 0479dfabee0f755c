# ac_power: a charger is plugged in, or no battery is in use.
ac_power() {
	for supply in /sys/class/power_supply/*/online; do
		[ ! -r "$supply" ] || [ "$(cat "$supply")" != 1 ] || return 0
	done
	! grep -qsx Discharging /sys/class/power_supply/*/status
}
