"""Usage logs: what a program really sent, read in constant memory and added up per call site."""
