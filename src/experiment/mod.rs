//! A plan (data) and its execution in plan order.
