//! A table of figures for a board, in which no small number can be read or worked out.
//!
//! Numbers from one to four are hidden. A hidden number could be found by taking the others of its
//! row or column from their total, so as many more are hidden as it takes: a hidden number is safe
//! when it lies on a ring of hidden numbers, each beside the next in a row or column, and known to
//! whoever has the table when it does not.

/// Numbers below it, other than nought, are not shown.
pub const LEAST: u32 = 5;

/// What a board sees in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Number(u32),
    /// Small, or hidden so that a small one cannot be worked out: which of the two is not said.
    Hidden,
}

/// One table: a line for each row given, every line ends with its total, and the last line has the
/// totals of the columns. All rows are of one length.
pub fn shown(rows: &[Vec<u32>]) -> Vec<Vec<Seen>> {
    let width = rows.first().map_or(0, Vec::len);
    let mut table: Vec<Vec<u32>> = rows.iter().map(|row| with_total(row)).collect();
    let totals: Vec<u32> = (0..width).map(|column| rows.iter().filter_map(|row| row.get(column)).sum()).collect();
    table.push(with_total(&totals));
    let mut hidden: Vec<Vec<bool>> =
        table.iter().map(|row| row.iter().map(|number| is_small(*number)).collect()).collect();
    while let Some(first) = known(&hidden).first().copied() {
        let closing = closes_most(&table, &hidden).or_else(|| next_to_hide(&table, &hidden, first));
        let Some((row, column)) = closing else { break };
        hidden[row][column] = true;
    }
    let see = |number: u32, is_hidden: bool| if is_hidden { Seen::Hidden } else { Seen::Number(number) };
    let lines = table.iter().zip(&hidden);
    lines.map(|(row, hidden)| row.iter().zip(hidden).map(|(number, is)| see(*number, *is)).collect()).collect()
}

fn is_small(number: u32) -> bool {
    (1..LEAST).contains(&number)
}

fn with_total(row: &[u32]) -> Vec<u32> {
    row.iter().copied().chain([row.iter().sum()]).collect()
}

/// Places of a table, line by line.
fn places(hidden: &[Vec<bool>]) -> impl Iterator<Item = (usize, usize)> {
    hidden.iter().enumerate().flat_map(|(row, line)| (0..line.len()).map(move |column| (row, column)))
}

/// The hidden numbers that follow from those that are shown: those on no ring of hidden numbers.
fn known(hidden: &[Vec<bool>]) -> Vec<(usize, usize)> {
    let is_known = |(row, column): &(usize, usize)| hidden[*row][*column] && !on_a_ring(hidden, *row, *column);
    places(hidden).filter(is_known).collect()
}

/// The place that makes fewest numbers known when it is hidden too, where one makes fewer than now.
fn closes_most(table: &[Vec<u32>], hidden: &[Vec<bool>]) -> Option<(usize, usize)> {
    let left = |(row, column): (usize, usize)| {
        let mut more = hidden.to_vec();
        more[row][column] = true;
        known(&more).len()
    };
    let open = places(hidden).filter(|(row, column)| !hidden[*row][*column]);
    let least = open.map(|place| (left(place), cost(table, place), place)).min()?;
    (least.0 < known(hidden).len()).then_some(least.2)
}

/// What is lost by hiding a place: nought last, which says nothing of anybody.
fn cost(table: &[Vec<u32>], (row, column): (usize, usize)) -> (bool, u32) {
    (table[row][column] == 0, table[row][column])
}

/// Whether one can go from this row to this column by other hidden numbers, turning at each.
fn on_a_ring(hidden: &[Vec<bool>], row: usize, column: usize) -> bool {
    let width = hidden.first().map_or(0, Vec::len);
    let (mut rows, mut columns) = (vec![false; hidden.len()], vec![false; width]);
    rows[row] = true;
    loop {
        let mut has_grown = false;
        for (at, line) in hidden.iter().enumerate() {
            for (across, is_hidden) in line.iter().enumerate() {
                let is_way = *is_hidden && (at, across) != (row, column) && rows[at] != columns[across];
                if is_way {
                    (rows[at], columns[across]) = (true, true);
                    has_grown = true;
                }
            }
        }
        if columns[column] {
            return true;
        }
        if !has_grown {
            return false;
        }
    }
}

/// Of what is still shown, what to hide next for the sake of this place: the smallest in its row, or
/// where the row has none left, in its column.
fn next_to_hide(table: &[Vec<u32>], hidden: &[Vec<bool>], (row, column): (usize, usize)) -> Option<(usize, usize)> {
    let shown_of = |places: Vec<(usize, usize)>| {
        let open = places.into_iter().filter(|(row, column)| !hidden[*row][*column]);
        open.min_by_key(|place| cost(table, *place))
    };
    let is_alone = |places: &[(usize, usize)]| places.iter().filter(|(row, column)| hidden[*row][*column]).count() == 1;
    let across: Vec<_> = (0..table[row].len()).map(|column| (row, column)).collect();
    let down: Vec<_> = (0..table.len()).map(|row| (row, column)).collect();
    let all = places(hidden).collect();
    let (first, second) = if is_alone(&down) && !is_alone(&across) { (down, across) } else { (across, down) };
    shown_of(first).or_else(|| shown_of(second)).or_else(|| shown_of(all))
}
