//! `User=` and what else setpriv does.

use super::chain::Chain;
use crate::backends::chain::{Setpriv, Words};
use crate::plan::Identity;

/// Changes the user by `setuidgid` where it can, else by setpriv.
pub(super) fn spell(setpriv: &Setpriv, chain: &mut Chain) {
    let options = setpriv.options();
    let Some(identity) = &setpriv.identity else {
        if !options.is_empty() {
            call(options, chain);
        }
        return;
    };
    let later = options.iter().all(|option| option == "--no-new-privs");
    match setuidgid(identity) {
        Some(words) if later => {
            chain.own(&words);
            if !options.is_empty() {
                call(options, chain);
            }
        }
        _ => become_user(identity, options, chain),
    }
}

/// The words for nosh's own tool, which looks both up by their names.
fn setuidgid(identity: &Identity) -> Option<Vec<&[u8]>> {
    let Identity { user, group, supplementary, login_environment: _, dynamic: _ } = identity;
    let is_name = |name: &[u8]| !name.iter().all(u8::is_ascii_digit);
    let user = &user.as_ref().filter(|leaf| is_name(&leaf.value))?.value;
    let mut words: Vec<&[u8]> = vec![b"setuidgid"];
    if let Some(group) = group {
        words.extend([b"--primary-group", is_name(&group.value).then_some(&group.value[..])?]);
    }
    words.extend([&b"--supplementary"[..], b"--", user]);
    supplementary.is_empty().then_some(words)
}

/// setpriv looks up neither the group of a user nor his groups, if there are more to come.
fn become_user(identity: &Identity, options: Vec<String>, chain: &mut Chain) {
    let Identity { user, group, supplementary, login_environment: _, dynamic: _ } = identity;
    let extra = supplementary.iter().map(|leaf| &leaf.value[..]).collect::<Vec<_>>().join(&b","[..]);
    let mut words: Words = Vec::new();
    if let Some(group) = group {
        words.push([b"--regid=", &group.value[..]].concat());
    }
    let Some(user) = user else {
        words.push(if extra.is_empty() { b"--clear-groups".to_vec() } else { [b"--groups=", &extra[..]].concat() });
        words.extend(options.into_iter().map(String::into_bytes));
        call_words(words, chain);
        return;
    };
    if extra.is_empty() && group.is_some() {
        words.splice(0..0, [[b"--reuid=", &user.value[..]].concat()]);
        words.push(b"--init-groups".to_vec());
        words.extend(options.into_iter().map(String::into_bytes));
        call_words(words, chain);
        return;
    }
    let mut line = String::new();
    let mut call = "exec setpriv --reuid=\"$0\"".to_owned();
    if group.is_none() {
        line.push_str("group=$(id -g \"$0\") || exit 217; ");
        call.push_str(" --regid=\"$group\"");
    }
    let mut arguments: Vec<&[u8]> = vec![&user.value];
    if extra.is_empty() {
        call.push_str(" --init-groups");
    } else {
        line.push_str("groups=$(id -G \"$0\" | tr \" \" ,),$1; shift; ");
        call.push_str(" --groups=\"$groups\"");
        arguments.push(&extra);
    }
    words.extend(options.into_iter().map(String::into_bytes));
    words.push(b"--".to_vec());
    arguments.extend(words.iter().map(Vec::as_slice));
    chain.shell(&format!("{line}{call} \"$@\""), &arguments);
}

fn call(options: Vec<String>, chain: &mut Chain) {
    call_words(options.into_iter().map(String::into_bytes).collect(), chain);
}

fn call_words(options: Words, chain: &mut Chain) {
    let mut words = vec![b"setpriv".to_vec()];
    words.extend(options);
    words.push(b"--".to_vec());
    chain.other(words);
}
