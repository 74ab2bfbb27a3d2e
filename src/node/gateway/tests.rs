//! The gateway over real sockets, between raw clients and raw replicas that the tests write byte by byte.

mod affinity;
mod bodies;
mod clients;
mod failures;
mod harness;
mod heads;
mod smuggling;
