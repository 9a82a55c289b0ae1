"""Where prices come from: each source fills the rows of a price snapshot."""
