//! Which unit comes after which, and the cycles in that.

use std::collections::{HashMap, HashSet, VecDeque};

use super::super::WorkspaceContext;
use crate::schema::UnitKind;
use crate::text::Span;
use crate::units::{EdgeKind, Summary};

/// `later` is started when `earlier` has been.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) later: u32,
    pub(super) earlier: u32,
    /// The file and the place where it is written; `None` if it holds by default.
    pub(super) place: Option<(u32, Span)>,
}

/// All orders between units.
pub(super) struct Graph<'a> {
    names: Vec<&'a str>,
    /// Sorted by the later unit.
    orders: Vec<Order>,
    /// Where the orders of each unit begin, and behind them the end.
    starts: Vec<u32>,
}

/// Targets that are everywhere, and what they come after. They stand in for
/// the real ones where those aren't among the units.
const TARGETS: &[(&str, &[&str])] = &[
    ("basic.target", &["sysinit.target", "sockets.target", "paths.target"]),
    ("multi-user.target", &["basic.target"]),
    ("graphical.target", &["multi-user.target"]),
];

impl<'a> Graph<'a> {
    pub(super) fn new(cx: &WorkspaceContext<'a>) -> Self {
        let units = &cx.workspace.units;
        let names = units.iter().map(|unit| unit.name.as_str()).collect();
        let mut builder = Builder { cx, names, others: HashMap::new(), orders: Vec::new() };
        let plain = || units.iter().filter(|unit| !unit.name.is_template());
        plain().for_each(|unit| builder.add_written(unit));
        let written = builder.orders.iter().map(|order| (order.later, order.earlier)).collect();
        plain().for_each(|unit| builder.add_defaults(unit, &written));
        for (name, earlier) in TARGETS.iter().filter(|(name, _)| cx.index(name).is_none()) {
            earlier.iter().for_each(|earlier| builder.by_default(name, earlier));
        }
        builder.graph()
    }

    pub(super) fn name(&self, unit: u32) -> &'a str {
        self.names[unit as usize]
    }

    pub(super) fn is_target(&self, unit: u32) -> bool {
        self.name(unit).ends_with(".target")
    }

    /// One cycle of each set of units that all come after each other, a
    /// shortest one of its first unit.
    pub(super) fn cycles(&self) -> Vec<Vec<Order>> {
        let knots = self.knots();
        let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
        for (unit, knot) in knots.iter().enumerate() {
            members.entry(*knot).or_default().push(unit as u32);
        }
        let mut sets: Vec<Vec<u32>> = members.into_values().filter(|set| set.len() > 1).collect();
        sets.sort();
        sets.iter().filter_map(|set| self.shortest(set, &knots)).collect()
    }

    fn orders_of(&self, unit: u32) -> &[Order] {
        let unit = unit as usize;
        &self.orders[self.starts[unit] as usize..self.starts[unit + 1] as usize]
    }

    /// A shortest cycle through one of the units of a knot: that which some
    /// written order of a unit that is no target belongs to, if there is one.
    fn shortest(&self, set: &[u32], knots: &[u32]) -> Option<Vec<Order>> {
        let start = *set.iter().min_by_key(|unit| (self.is_target(**unit), self.name(**unit)))?;
        let mut reached: HashMap<u32, &Order> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(unit) = queue.pop_front() {
            for order in self.orders_of(unit) {
                if knots[order.earlier as usize] != knots[start as usize] || reached.contains_key(&order.earlier) {
                    continue;
                }
                reached.insert(order.earlier, order);
                if order.earlier == start {
                    return Some(self.path_back(start, &reached));
                }
                queue.push_back(order.earlier);
            }
        }
        None
    }

    fn path_back(&self, start: u32, reached: &HashMap<u32, &Order>) -> Vec<Order> {
        let mut path = Vec::new();
        let mut unit = start;
        while let Some(order) = reached.get(&unit) {
            path.push((*order).clone());
            unit = order.later;
            if unit == start {
                break;
            }
        }
        path.reverse();
        path
    }

    /// The number of the strongly connected set that each unit is in
    /// (Tarjan's algorithm, with its own stack).
    fn knots(&self) -> Vec<u32> {
        const NEW: u32 = u32::MAX;
        let count = self.names.len();
        let mut number = vec![NEW; count];
        let mut low = vec![0; count];
        let mut knot = vec![NEW; count];
        let mut open = Vec::new();
        let mut next = 0;
        for root in 0..count as u32 {
            if number[root as usize] != NEW {
                continue;
            }
            let mut walk = vec![(root, 0)];
            while let Some((unit, at)) = walk.pop() {
                let own = unit as usize;
                if at == 0 {
                    (number[own], low[own]) = (next, next);
                    next += 1;
                    open.push(unit);
                }
                if let Some(order) = self.orders_of(unit).get(at) {
                    walk.push((unit, at + 1));
                    let other = order.earlier as usize;
                    if number[other] == NEW {
                        walk.push((order.earlier, 0));
                    } else if knot[other] == NEW {
                        low[own] = low[own].min(number[other]);
                    }
                    continue;
                }
                if low[own] == number[own] {
                    while let Some(member) = open.pop() {
                        knot[member as usize] = unit;
                        if member == unit {
                            break;
                        }
                    }
                }
                if let Some((above, _)) = walk.last() {
                    let above = *above as usize;
                    low[above] = low[above].min(low[own]);
                }
            }
        }
        knot
    }
}

struct Builder<'c, 'a> {
    cx: &'c WorkspaceContext<'a>,
    names: Vec<&'a str>,
    /// The numbers of units that aren't in the workspace.
    others: HashMap<&'a str, u32>,
    orders: Vec<Order>,
}

impl<'a> Builder<'_, 'a> {
    fn number(&mut self, name: &'a str) -> u32 {
        match self.cx.index(name) {
            Some(at) => at as u32,
            None => *self.others.entry(name).or_insert_with(|| {
                self.names.push(name);
                self.names.len() as u32 - 1
            }),
        }
    }

    fn by_default(&mut self, later: &'a str, earlier: &'a str) {
        let (later, earlier) = (self.number(later), self.number(earlier));
        self.orders.push(Order { later, earlier, place: None });
    }

    /// The orders that a unit has in its files.
    fn add_written(&mut self, unit: &'a Summary) {
        let own = self.number(unit.name.as_str());
        for edge in unit.edges.iter().filter(|edge| matches!(edge.kind, EdgeKind::After | EdgeKind::Before)) {
            let other = self.number(&edge.to);
            let (later, earlier) = if edge.kind == EdgeKind::After { (own, other) } else { (other, own) };
            self.orders.push(Order { later, earlier, place: Some((edge.file, edge.span)) });
        }
    }

    /// The orders that systemd adds to a unit.
    fn add_defaults(&mut self, unit: &'a Summary, written: &HashSet<(u32, u32)>) {
        use UnitKind::{Path, Service, Socket, Target};
        let name = unit.name.as_str();
        for edge in &unit.edges {
            match edge.kind {
                EdgeKind::Triggers if !unit.accepts => self.by_default(&edge.to, name),
                EdgeKind::Install if edge.to.ends_with(".target") => self.drawn_in(&edge.to, unit, written),
                EdgeKind::Wants | EdgeKind::Requires | EdgeKind::Requisite | EdgeKind::BindsTo | EdgeKind::Upholds
                    if unit.name.kind() == Target =>
                {
                    if let Some(other) = self.cx.find(&edge.to) {
                        self.drawn_in(name, other, written);
                    }
                }
                _ => {}
            }
        }
        if unit.default_dependencies && unit.fragment.is_some() {
            match unit.name.kind() {
                Service => self.by_default(name, "basic.target"),
                Socket => self.by_default("sockets.target", name),
                Path => self.by_default("paths.target", name),
                _ => {}
            }
        }
    }

    /// A target comes after what it draws in, unless that comes after the
    /// target or either goes without default dependencies
    /// (`unit_add_default_target_dependency` of `src/core/unit.c`).
    fn drawn_in(&mut self, target: &'a str, unit: &'a Summary, written: &HashSet<(u32, u32)>) {
        let reversed = (self.number(unit.name.as_str()), self.number(target));
        let defaults = self.cx.find(target).is_none_or(|own| own.default_dependencies);
        if defaults && unit.default_dependencies && !written.contains(&reversed) {
            self.by_default(target, unit.name.as_str());
        }
    }

    fn graph(mut self) -> Graph<'a> {
        self.orders.retain(|order| order.later != order.earlier);
        // What is written comes before what holds by default.
        self.orders.sort_by_key(|order| (order.later, order.earlier, order.place.is_none()));
        self.orders.dedup_by_key(|order| (order.later, order.earlier));
        let mut starts = vec![0; self.names.len() + 1];
        for order in &self.orders {
            starts[order.later as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Graph { names: self.names, orders: self.orders, starts }
    }
}
