//! The body of a `.mount` and of a `.swap`: services that run `mount` and `swapon`.

use super::lower::Lowering;
use super::stop;
use super::{Argument, At, Bytes, Command, Leaf, Service, Type};
use crate::schema::{Group, Key, key::mount as of, key::swap};
use crate::units;
use crate::values::exec::Privileges;
use crate::values::{mode, number};

/// A file system, or memory on a disk.
#[derive(Clone, Debug)]
pub struct Mount {
    /// What is run at its start and at its stop; it stays up in between.
    pub service: Service,
    /// The assignments that the commands are made from.
    pub places: Vec<At>,
}

/// Options that are for others than `mount` (`mount_enter_mounting` of `src/core/mount.c`).
const OF_FSTAB: [&[u8]; 3] = [b"auto", b"noauto", b"nofail"];

impl Mount {
    /// A file system: the directory is made, and it is mounted unless it is already.
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let (what, at) = text(low, of::What).unzip();
        let place = text(low, of::Where).map(|(place, _)| place).or_else(|| own_place(low));
        let kind = text(low, of::Type).map(|(kind, _)| kind);
        let options = text(low, of::Options).map(|(options, _)| options).unwrap_or_default();
        let kept = options.split(|byte| *byte == b',').filter(|word| !word.is_empty() && !OF_FSTAB.contains(word));
        let options = kept.collect::<Vec<_>>();
        let flag = |low: &mut Lowering, key, word: &[u8]| low.boolean(key, false).value.then(|| word.to_vec());
        let directory_mode = low
            .single(of::DirectoryMode, 0o755, |text, context, problems| Some(mode::parse(text, context, problems)?.0));
        let mut service = service(low, of::TimeoutSec);
        if let (Some(what), Some(place), Some(at)) = (what, place, at) {
            let mode = format!("{:04o}", directory_mode.value).into_bytes();
            let mut directories = vec![place.clone()];
            if options.iter().any(|option| matches!(*option, b"bind" | b"rbind")) {
                directories.push(what.clone());
            }
            service.commands.start_pre = directories
                .into_iter()
                .map(|path| Leaf::new(command("mkdir", [b"-p".to_vec(), b"-m".to_vec(), mode.clone(), path]), at))
                .collect();
            let mut words = vec![b"-c".to_vec(), b"mountpoint -q \"$2\" || exec mount \"$@\"".to_vec()];
            words.extend([b"mount".to_vec(), what, place.clone()]);
            words.extend(flag(low, of::SloppyOptions, b"-s"));
            words.extend(flag(low, of::ReadWriteOnly, b"-w"));
            words.extend(kind.into_iter().flat_map(|kind| [b"-t".to_vec(), kind]));
            if !options.is_empty() {
                words.extend([b"-o".to_vec(), options.join(&b","[..])]);
            }
            service.commands.start = vec![Leaf::new(command("/bin/sh", words), at)];
            let mut words = vec![place];
            words.extend(flag(low, of::LazyUnmount, b"-l"));
            words.extend(flag(low, of::ForceUnmount, b"-f"));
            service.commands.stop = vec![Leaf::new(command("umount", words), at)];
        }
        Mount { service, places: places(low, of::What.directive().group) }
    }

    /// Memory on a disk.
    pub(super) fn lower_swap(low: &mut Lowering) -> Self {
        let mut service = service(low, swap::TimeoutSec);
        if let Some((what, at)) = text(low, swap::What) {
            let mut words = Vec::new();
            let priority = low.optional(swap::Priority, |text, context, problems| {
                number::parse_signed(text, -1..=32767, context, problems)
            });
            if let Some(priority) = priority.filter(|priority| priority.value >= 0) {
                words.extend([b"-p".to_vec(), priority.value.to_string().into_bytes()]);
            }
            if let Some((options, _)) = text(low, swap::Options) {
                words.extend([b"-o".to_vec(), options]);
            }
            words.push(what.clone());
            service.commands.start = vec![Leaf::new(command("swapon", words), at)];
            service.commands.stop = vec![Leaf::new(command("swapoff", [what]), at)];
        }
        Mount { service, places: places(low, swap::What.directive().group) }
    }
}

/// A service that has nothing to run yet.
fn service(low: &mut Lowering, timeout: Key) -> Service {
    let mut service = Service::lower(low);
    service.kind = Leaf::default(Type::Oneshot);
    service.remain = Leaf::default(true);
    let timeout = stop::timeout(low, timeout, stop::TIMEOUT);
    service.start_timeout = timeout;
    service.stop.timeout = timeout;
    service
}

/// The last value of `key`, specifiers resolved.
fn text(low: &mut Lowering, key: Key) -> Option<(Bytes, At)> {
    let at = low.last(key)?;
    let text = low.expand_at(at, low.value(at).as_bytes())?;
    (!text.is_empty()).then_some((text, at))
}

/// Where a mount is by its name.
fn own_place(low: &Lowering) -> Option<Bytes> {
    let mut place = Bytes::new();
    units::unescape_path_to(low.unit.name.stem(), &mut place)?;
    Some(place)
}

fn places(low: &Lowering, group: Group) -> Vec<At> {
    let settings = low.unit.settings().iter().zip(0..);
    settings.filter(|(setting, _)| setting.entry.group == group).map(|(_, at)| At(at)).collect()
}

fn command(program: &str, arguments: impl IntoIterator<Item = Bytes>) -> Command {
    Command {
        program: program.as_bytes().to_vec(),
        argv0: None,
        arguments: arguments.into_iter().map(Argument::Fixed).collect(),
        ignore_failure: false,
        privileges: Privileges::Normal,
    }
}
