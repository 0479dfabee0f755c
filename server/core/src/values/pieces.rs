//! What the parts of a value are: for colours, and to find a part again elsewhere.

use super::explain::dollars;
use super::words::{Style, Word, Words};
use super::{Context, ValueType, boolean, environment, exec, specifier, supervisord};
use crate::text::Span;

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where, in the text of the value.
    pub span: Span,
    /// What it is.
    pub kind: PieceKind,
}

/// What a part of a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PieceKind {
    Text,
    Boolean,
    /// A word of a closed set.
    Word,
    /// A number, with or without a unit; a time, a size, a mode.
    Number,
    Path,
    /// The name of a unit.
    Unit,
    /// What a command line runs.
    Program,
    /// The name of a variable where it is set, handed on or taken away.
    VariableName,
    /// `$NAME` or `${NAME}` in a command line.
    Variable,
    Specifier,
    /// What stands in front of a program or a list, and `;` between commands.
    Operator,
}

/// How a value is made up.
enum Shape {
    /// One thing, maybe with one of these signs in front.
    Whole(PieceKind, &'static [u8]),
    /// Things one after the other, each maybe with one of these signs in front.
    Words(Style, PieceKind, &'static [u8]),
    Commands,
    Assignments,
    Supervisord(supervisord::Kind),
}

/// The parts of `text`, the value of `context.directive`, in order and apart from each other.
pub fn pieces(text: &str, context: &Context) -> Vec<Piece> {
    let value = context.directive.value;
    let Out { pieces, variables: mut marks, .. } = Out::of(text, context);
    if matches!(value, ValueType::Supervisord(_)) {
        marks.extend(supervisord::pieces::expansions(text));
    }
    if specifier::place(value).is_some() && text.contains('%') {
        let found = specifier::find(text).filter(|(_, letter)| specifier::get(*letter).is_some());
        marks.extend(found.map(|(span, _)| Piece { span, kind: PieceKind::Specifier }));
        marks.sort_unstable_by_key(|mark| mark.span);
    }
    if marks.is_empty() { pieces } else { cut(&pieces, &marks) }
}

/// The same with specifiers and variables left within the words that they are part of.
pub fn words(text: &str, context: &Context) -> Vec<Piece> {
    Out::of(text, context).pieces
}

struct Out<'t> {
    text: &'t str,
    pieces: Vec<Piece>,
    /// Within the pieces.
    variables: Vec<Piece>,
}

impl<'t> Out<'t> {
    fn of(text: &'t str, context: &Context) -> Self {
        let mut out = Out { text, pieces: Vec::new(), variables: Vec::new() };
        match Shape::of(context.directive.value) {
            Shape::Whole(kind, signs) => out.signed(Span::new(0, text.len()), kind, signs),
            Shape::Words(style, kind, signs) => {
                for word in Words::new(text, style).map_while(Result::ok) {
                    out.signed(word.span, kind, signs);
                }
            }
            Shape::Commands => out.commands(context),
            Shape::Assignments => out.assignments(context),
            Shape::Supervisord(kind) => out.pieces = supervisord::pieces::words(text, kind),
        }
        out
    }

    fn push(&mut self, span: Span, kind: PieceKind) {
        if !span.is_empty() {
            self.pieces.push(Piece { span, kind });
        }
    }

    fn signed(&mut self, span: Span, kind: PieceKind, signs: &[u8]) {
        let text = &self.text[span];
        let length = text.bytes().take_while(|byte| signs.contains(byte)).count();
        let sign = Span { start: span.start, end: span.start + length as u32 };
        self.push(sign, PieceKind::Operator);
        let kind = match kind {
            PieceKind::Boolean | PieceKind::Word | PieceKind::Path if boolean_word(&text[length..]) => {
                PieceKind::Boolean
            }
            PieceKind::Word if text[length..].starts_with(|c: char| c.is_ascii_digit()) => PieceKind::Number,
            PieceKind::Path if !text[length..].contains(['/', '%']) => PieceKind::Text,
            kind => kind,
        };
        self.push(Span { start: sign.end, end: span.end }, kind);
    }

    fn commands(&mut self, context: &Context) {
        let mut done = 0;
        for command in exec::parse(self.text, context, &mut Vec::new()).commands {
            self.between(Span { start: done, end: command.span.start.max(done) });
            self.push(command.prefix_span, PieceKind::Operator);
            let start = command.program.span.start.max(command.prefix_span.end);
            self.push(Span { start, end: command.program.span.end.max(start) }, PieceKind::Program);
            for word in &command.args {
                self.push(word.span, if word.text.starts_with('/') { PieceKind::Path } else { PieceKind::Text });
                if !command.prefixes.no_variables {
                    self.expanded(word);
                }
            }
            done = command.span.end;
        }
        self.between(Span { start: done, end: self.text.len() as u32 });
    }

    /// The variables that are expanded in a word: `${NAME}` anywhere, `$NAME` where it is all of it.
    fn expanded(&mut self, word: &Word) {
        for (name, span) in dollars(&self.text[word.span]) {
            if span.len() > name.len() + 1 || word.text.len() == span.len() {
                self.variables.push(Piece { span: span.shift(word.span.start as usize), kind: PieceKind::Variable });
            }
        }
    }

    /// What is no command: the `;` between two, or what can't be read.
    fn between(&mut self, span: Span) {
        for word in Words::new(&self.text[span], Style::PLAIN).map_while(Result::ok) {
            let kind = if word.text == ";" { PieceKind::Operator } else { PieceKind::Text };
            self.push(word.span.shift(span.start as usize), kind);
        }
    }

    fn assignments(&mut self, context: &Context) {
        let read = match context.directive.value {
            ValueType::UnsetEnvironment | ValueType::PassEnvironment => environment::parse_unset,
            ValueType::LogExtraFields => environment::parse_fields,
            _ => environment::parse,
        };
        for assignment in read(self.text, context, &mut Vec::new()) {
            let (name, word) = (assignment.name_span(), assignment.word.span);
            // In quotes that only begin behind the name, nobody can say where it ends.
            if name == word && assignment.value().is_some() {
                let length = self.text[word].find('=').unwrap_or_default() as u32;
                let name = Span { start: word.start, end: word.start + length };
                self.push(name, PieceKind::VariableName);
                self.push(Span { start: name.end + 1, end: word.end }, PieceKind::Text);
                continue;
            }
            self.push(name, PieceKind::VariableName);
            self.push(Span { start: (name.end + 1).min(word.end), end: word.end }, PieceKind::Text);
        }
    }
}

impl Shape {
    fn of(value: ValueType) -> Self {
        use PieceKind::{Boolean, Number, Path, Text, Unit, Word};
        use ValueType as V;
        match value {
            V::Supervisord(kind) => Shape::Supervisord(kind),
            V::Exec => Shape::Commands,
            V::Environment | V::PassEnvironment | V::UnsetEnvironment | V::LogExtraFields => Shape::Assignments,
            V::Boolean | V::Tristate | V::ProtectHostname => Shape::Whole(Boolean, b""),
            V::Set(_) | V::Signal | V::SyscallErrno | V::SocketProtocol | V::ExecInput | V::ExecOutput => {
                Shape::Whole(Word, b"")
            }
            V::AddressFamilies
            | V::BpfDelegate(_)
            | V::CapabilitySet
            | V::Controllers
            | V::CoredumpFilter
            | V::Delegate
            | V::ExitStatusSet
            | V::FilesystemFilter
            | V::NamespaceFlags
            | V::SecureBits
            | V::ServiceRefreshOnReload
            | V::SyscallArchitectures
            | V::SyscallFilter
            | V::SyscallLog => Shape::Words(Style::QUOTED, Word, b"~"),
            V::InstallAlias
            | V::InstallAlso
            | V::InstallUnits
            | V::ObsoleteUnitList
            | V::ServiceSockets
            | V::Slice
            | V::SocketService
            | V::TriggerUnit
            | V::UnitList => Shape::Words(Style::TUPLES, Unit, b""),
            V::CgroupCpuWeight
            | V::CgroupWeight
            | V::ConcurrencyMax
            | V::CpuAffinity
            | V::CpuQuota
            | V::CpuSchedPriority
            | V::CpuSet
            | V::ExecQuota
            | V::ExitStatus
            | V::Integer
            | V::IoPriority
            | V::JobTimeout
            | V::Long
            | V::ManagedOomDuration
            | V::MemoryLimit
            | V::Mode
            | V::Nice
            | V::NumaMask
            | V::OomScoreAdjust
            | V::Permyriad
            | V::Rlimit
            | V::ServiceTimeout
            | V::ServiceTimeoutAbort
            | V::Size
            | V::SizeLong
            | V::SwapPriority
            | V::TasksMax
            | V::TimeSpan
            | V::TimeSpanEmptyInfinity
            | V::TimeSpanNanoseconds
            | V::TimeSpanZeroInfinity
            | V::Timer
            | V::TtySize
            | V::Unsigned => Shape::Whole(Number, b""),
            V::ConditionPath => Shape::Whole(Path, b"|!"),
            V::EnvironmentFile
            | V::MountNode
            | V::Path
            | V::PidFile
            | V::RootHashSignature
            | V::WatchedPath
            | V::WorkingDirectory => Shape::Whole(Path, b"-"),
            V::BindPaths
            | V::BpfProgramPath
            | V::ColonSeparatedPaths
            | V::DeviceAllow
            | V::ExecDirectories
            | V::ExtensionImages
            | V::IoDeviceLatency
            | V::IoDeviceWeight
            | V::IoLimit
            | V::MountImages
            | V::MountsFor
            | V::NamespacePaths
            | V::PathList
            | V::TemporaryFilesystems => Shape::Words(Style::QUOTED, Path, b"-+"),
            V::SocketAddress => Shape::Whole(Path, b""),
            V::Documentation => Shape::Words(Style::TUPLES, Text, b""),
            V::ConditionString => Shape::Whole(Text, b"|!"),
            V::AddressPrefixes
            | V::ApparmorProfile
            | V::BpfForeignProgram
            | V::BusName
            | V::CgroupSocketBind
            | V::DelegateSubgroup
            | V::FdName
            | V::Ignored
            | V::ImagePolicy
            | V::ImportCredential
            | V::InputData
            | V::InputText
            | V::InstallDefaultInstance
            | V::InterfaceFilter
            | V::InterfaceName
            | V::LoadCredential
            | V::LogFilterPatterns
            | V::LogNamespace
            | V::LuoSessions
            | V::ManagedOomRules
            | V::NetworkInterface
            | V::NftSet
            | V::OpenFile
            | V::RebootParameter
            | V::RootHash
            | V::RootImageOptions
            | V::SelinuxContext
            | V::SetCredential
            | V::SmackProcessLabel
            | V::String
            | V::Text
            | V::User
            | V::UserList
            | V::Xattr => Shape::Whole(Text, b""),
        }
    }
}

fn boolean_word(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit()) && boolean::read(text).is_some()
}

/// `words` with `marks`, both in order, cut out of them.
fn cut(words: &[Piece], marks: &[Piece]) -> Vec<Piece> {
    let mut out = Vec::with_capacity(words.len() + 2 * marks.len());
    let mut marks = marks.iter().peekable();
    for word in words {
        let mut start = word.span.start;
        while let Some(mark) = marks.next_if(|mark| mark.span.end <= word.span.end) {
            if mark.span.start < start {
                continue;
            }
            if start < mark.span.start {
                out.push(Piece { span: Span { start, end: mark.span.start }, kind: word.kind });
            }
            out.push(*mark);
            start = mark.span.end;
        }
        if start < word.span.end {
            out.push(Piece { span: Span { start, end: word.span.end }, kind: word.kind });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::values::testing::context;

    fn check(lines: &[&str], expect: Expect) {
        let mut out = String::new();
        for line in lines {
            let (key, text) = line.split_once('=').unwrap();
            let found = pieces(text, &context(key, 262, "a@.service"));
            let shown = found.iter().map(|piece| format!("{}:{:?}", &text[piece.span], piece.kind));
            out.push_str(&format!("{key} {}\n", shown.collect::<Vec<_>>().join(" · ")));
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn parts_of_values() {
        check(
            &[
                "ExecStart=-@/bin/a%i b \"x ${A}$$ $B\" $C a$D /c ; d \\; ; e",
                "ExecStart=/bin/a 'b",
                "Environment=A=1 \"B=x %n\" C='d'",
                "PassEnvironment=A B",
                "After=a.service b@%i.service",
                "CapabilityBoundingSet=~CAP_CHOWN CAP_KILL",
                "Restart=on-failure",
                "ProtectSystem=yes",
                "ProtectHome=1",
                "TimeoutStartSec=1min 30s",
                "EnvironmentFile=-/etc/a b",
                "ReadWritePaths=-/a +/b",
                "ConditionPathExists=|!/a",
                "ListenStream=8080",
                "ListenStream=/run/a",
                "Description=100 %i %z",
                "Nice=",
            ],
            expect![[r#"
                ExecStart -@:Operator · /bin/a:Program · %i:Specifier · b:Text · "x :Text · ${A}:Variable · $$ $B":Text · $C:Variable · a$D:Text · /c:Path · ;:Operator · d:Program · \;:Text · ;:Operator · e:Program
                ExecStart /bin/a:Text · 'b:Text
                Environment A:VariableName · 1:Text · B:VariableName · x :Text · %n:Specifier · ":Text · C:VariableName · 'd':Text
                PassEnvironment A:VariableName · B:VariableName
                After a.service:Unit · b@:Unit · %i:Specifier · .service:Unit
                CapabilityBoundingSet ~:Operator · CAP_CHOWN:Word · CAP_KILL:Word
                Restart on-failure:Word
                ProtectSystem yes:Boolean
                ProtectHome 1:Number
                TimeoutStartSec 1min 30s:Number
                EnvironmentFile -:Operator · /etc/a b:Path
                ReadWritePaths -:Operator · /a:Path · +:Operator · /b:Path
                ConditionPathExists |!:Operator · /a:Path
                ListenStream 8080:Text
                ListenStream /run/a:Path
                Description 100 :Text · %i:Specifier ·  %z:Text
                Nice 
            "#]],
        );
    }

    #[test]
    fn parts_of_values_of_supervisord() {
        let mut out = String::new();
        for line in [
            "command=/bin/a --p=%(process_num)02d 'b c' /d 100%%",
            "environment=A=\"1\",B=%(here)s",
            "stdout_logfile=/var/log/%(program_name)s.log",
            "stderr_logfile=NONE",
            "exitcodes=0, 2",
            "autostart=true",
            "autorestart=unexpected",
            "stopsignal=QUIT",
            "numprocs=2",
            "command=a %",
            "command=a 'b",
        ] {
            let (key, text) = line.split_once('=').unwrap();
            let directive = crate::schema::Group::Program.get(key).unwrap();
            let found = pieces(text, &Context { directive, ..context("Nice", 262, "a.service") });
            let shown = found.iter().map(|piece| format!("{}:{:?}", &text[piece.span], piece.kind));
            out.push_str(&format!("{key} {}\n", shown.collect::<Vec<_>>().join(" · ")));
        }
        expect![[r#"
            command /bin/a:Program · --p=:Text · %(process_num)02d:Specifier · 'b c':Text · /d:Path · 100:Text · %%:Specifier
            environment A:VariableName · "1":Text · B:VariableName · %(here)s:Specifier
            stdout_logfile /var/log/:Path · %(program_name)s:Specifier · .log:Path
            stderr_logfile NONE:Text
            exitcodes 0:Number · 2:Number
            autostart true:Boolean
            autorestart unexpected:Word
            stopsignal QUIT:Word
            numprocs 2:Number
            command a:Program · %:Text
            command a:Program · 'b:Text
        "#]].assert_eq(&out);
    }
}
