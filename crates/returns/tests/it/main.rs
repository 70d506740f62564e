//! Returns and registers as files: read, written, checked, broken on purpose.

#[cfg(test)]
mod found_in_files;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod registers;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod sample;
