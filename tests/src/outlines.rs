//! What must hold of the parts of any unit file, as an editor is told of them.

use svlsp_core::backends::Together;
use svlsp_core::features::{self, Document, Whole};
use svlsp_core::rules::Target;
use svlsp_core::schema::{Manager, Version};
use svlsp_core::syntax;
use svlsp_core::text::{self, Span};
use svlsp_core::units::{Role, Unit};

/// Symbols, folds, selections, tokens and all that refers to something lie in the text, at the
/// borders of characters; tokens are in order and apart, and selections grow.
///
/// The first byte chooses the name.
pub fn outlines(bytes: &[u8]) {
    const NAMES: [&str; 6] =
        ["a.service", "a@.service", "a@b.service", "a.service.d/b.conf", "a.timer", "service.d/b.conf"];
    let [name, bytes @ ..] = bytes else { return };
    let role = Role::of(NAMES[usize::from(*name) % NAMES.len()]).expect("a name of a unit file");
    let decoded = text::decode(bytes);
    let files = [syntax::scan_decoded(&decoded)];
    let unit = role.unit().map(|name| match role.is_drop_in() {
        true => Unit::of_drop_ins(name, &files),
        false => Unit::new(name, &files),
    });
    let paths = ["a".into()];
    let document = Document {
        file: &files[0],
        kind: role.kind(),
        name: role.unit(),
        drop_in: role.is_drop_in(),
        whole: unit.as_ref().map(|unit| Whole { unit, at: 0, paths: &paths }),
        configured: None,
        target: Target { version: Version::LATEST, manager: Manager::System },
        backends: &[],
        neighbours: &[],
        together: &Together::default(),
        users: &[],
        groups: &[],
    };
    let text: &str = files[0].text;
    let whole = Span::new(0, text.len());
    let lies_in = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} isn't a part of {text:?}");
    let mut end = 0;
    for token in features::tokens(&document, whole) {
        lies_in(token.span);
        assert!(end <= token.span.start && !token.span.is_empty(), "{token:?} isn't behind the one before");
        end = token.span.end;
    }
    for section in features::symbols(&document) {
        section.children.iter().chain([&section]).for_each(|symbol| {
            lies_in(symbol.span);
            lies_in(symbol.name_span);
            assert_eq!(symbol.span.cover(symbol.name_span), symbol.span, "a name is in what it names");
            assert_eq!(section.span.cover(symbol.span), section.span, "a setting is in its section");
        });
    }
    features::folds(&document).iter().for_each(|fold| lies_in(fold.span));
    features::links(&document).iter().for_each(|link| lies_in(link.span));
    let mentions = features::mentions(&files[0], role.kind(), role.unit(), role.is_drop_in());
    mentions.iter().for_each(|mention| lies_in(mention.span));
    for (offset, _) in text.char_indices().chain([(text.len(), ' ')]).step_by(1 + text.len() / 50) {
        let offset = offset as u32;
        let spans = features::selection(&document, offset);
        spans.iter().for_each(|span| lies_in(*span));
        let grow = |pair: &[Span]| pair[0].cover(pair[1]) == pair[1] && pair[0] != pair[1];
        assert!(spans.windows(2).all(grow) && spans.last() == Some(&whole), "{spans:?} in {text:?}");
        features::highlights(&document, offset).iter().for_each(|one| lies_in(one.span));
        features::unit_at(&document, offset).iter().for_each(|(_, span)| lies_in(*span));
        features::target(&document, offset).iter().for_each(|(span, _)| lies_in(*span));
    }
}
