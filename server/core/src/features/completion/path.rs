use super::Completions;
use super::offers::Offers;
use super::slot::{BLANKS, Slot};
use super::words::Text;

/// Directories that programs are in.
pub(super) const PROGRAMS: &[Text] = &[
    ("/usr/bin/", "programs of the distribution"),
    ("/usr/sbin/", "programs for administrators"),
    ("/usr/lib/", "programs that packages keep to themselves"),
    ("/usr/libexec/", "programs that packages keep to themselves"),
    ("/usr/local/bin/", "programs of this machine"),
    ("/usr/local/sbin/", "programs of this machine for administrators"),
    ("/opt/", "add-on packages"),
    ("/bin/", "the same as `/usr/bin/` nowadays"),
    ("/sbin/", "the same as `/usr/sbin/` nowadays"),
];

/// Directories that anything may be in.
pub(super) const ANY: &[Text] = &[
    ("/boot/", "kernels and boot loader"),
    ("/dev/", "devices"),
    ("/etc/", "configuration"),
    ("/home/", "home directories"),
    ("/mnt/", "file systems mounted for a while"),
    ("/opt/", "add-on packages"),
    ("/proc/", "processes and kernel"),
    ("/root/", "home directory of root"),
    ("/run/", "state until the next boot"),
    ("/srv/", "data that is served"),
    ("/sys/", "devices and kernel"),
    ("/tmp/", "temporary files"),
    ("/usr/", "what the distribution brings"),
    ("/usr/share/", "data that packages bring"),
    ("/var/", "data that changes"),
    ("/var/cache/", "what can be made again"),
    ("/var/lib/", "state"),
    ("/var/log/", "logs"),
    ("/var/spool/", "work to be done"),
    ("/var/tmp/", "temporary files that outlive a boot"),
];

/// Where files of variables are.
pub(super) const ENVIRONMENT: &[Text] = &[
    ("/etc/default/", "Debian and its kin"),
    ("/etc/sysconfig/", "Fedora, SUSE and their kin"),
    ("/etc/", ""),
    ("/run/", ""),
];

/// Where PID files and sockets are.
pub(super) const RUN: &[Text] = &[("/run/", "state until the next boot")];

/// Where devices are.
pub(super) const DEVICES: &[Text] = &[
    ("/dev/", "device nodes"),
    ("/dev/disk/by-uuid/", "by the UUID of the file system"),
    ("/dev/disk/by-label/", "by the label of the file system"),
    ("/dev/disk/by-id/", "by the serial number of the disk"),
    ("/dev/disk/by-partuuid/", "by the UUID of the partition"),
    ("/dev/mapper/", "device mapper"),
];

/// A path that is the whole value, behind one of these signs maybe.
pub(super) fn one<'a>(slot: &Slot<'_, 'a>, signs: &[char], places: &[Text]) -> Option<Completions<'a>> {
    let slot = past(slot, signs);
    let mut offers = slot.whole()?;
    offers.places(places);
    Some(offers.finish())
}

/// A path in a list of them, or in one of its parts with colons between.
pub(super) fn list<'a>(slot: &Slot<'_, 'a>, places: &[Text]) -> Completions<'a> {
    let mut offers: Offers = slot.word(&[' ', '\t', ':', '"', '\'']);
    let signs = offers.typed.len() - offers.typed.trim_start_matches(['-', '+']).len();
    if signs > 0 {
        let start = slot.before().len() - offers.typed.len() + signs;
        let end = slot.after().find(BLANKS).unwrap_or(slot.after().len());
        offers = slot.offers(start, end);
    }
    offers.places(places);
    offers.finish()
}

/// The place behind the signs in front of a value.
pub(super) fn past<'t, 'a>(slot: &Slot<'t, 'a>, signs: &[char]) -> Slot<'t, 'a> {
    let before = slot.before();
    let count = if slot.is_continued() { 0 } else { before.len() - before.trim_start_matches(signs).len() };
    slot.clone().behind(count)
}
