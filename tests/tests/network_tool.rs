//! The tool `network-online` waits until an interface with a carrier has an address.

use std::process::Command;

use expect_test::expect;
use svlsp_tests::tools::{SHELLS, Tools};

/// In a network of its own, with a link between two interfaces; `$tool` asks at once.
const SCRIPT: &str = r#"
set -u
mount -t sysfs none /sys || exit
tool="$* data/network-online"
said() { $tool 0 2>/dev/null && echo "$1: online" || echo "$1: not"; }
ip link set lo up
said 'the loopback device'
ip link add one type veth peer name two
ip address add 10.1.1.1/24 dev one
said 'an interface that is down'
ip link set one up
said 'an interface without carrier'
ip link set two up
said 'an address of IPv4'
ip address flush dev one scope global
said 'an address of the link'
ip address add 169.254.1.1/16 dev one
said 'one of IPv4, too'
ip address add fd00::1/64 dev one nodad
said 'an address of IPv6'
ip address flush dev one scope global
$tool 20 &
sleep 0.5
ip address add 10.1.1.1/24 dev one
wait $! && echo 'it comes later'
"#;

#[test]
fn an_address_on_a_link_makes_it_online() {
    assert!(nix::unistd::Uid::effective().is_root(), "this test needs root");
    let tools = Tools::new();
    for shell in SHELLS {
        let mut command = Command::new("unshare");
        command.args(["--net", "--mount", "--propagation", "private", "--", "sh", "-c", SCRIPT, "sh"]);
        let output = command.args(shell).current_dir(tools.folder()).output().expect("unshare runs");
        let printed = [output.stdout, output.stderr].concat();
        expect![[r#"
            the loopback device: not
            an interface that is down: not
            an interface without carrier: not
            an address of IPv4: online
            an address of the link: not
            one of IPv4, too: not
            an address of IPv6: online
            it comes later
        "#]]
        .assert_eq(&String::from_utf8_lossy(&printed));
    }
}
