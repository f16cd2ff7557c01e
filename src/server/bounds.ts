/** What a client may cost, and why it is that much. */

const MIB = 1024 * 1024

/** etcd refuses larger requests by default (`--max-request-bytes`), so no larger object exists. */
const ETCD_LIMIT = 1.5 * MIB

/** Go's encoding/json writes `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`. */
const JSON_GROWTH = 6

/** An AdmissionReview of an update holds the object and the old object. */
const OBJECTS = 2

/**
 * The largest body that is judged: 18 MiB of objects, and a third more for what is around them (user, options, managed
 * fields that the server adds). A smaller bound is a way around the policy where failurePolicy is Ignore.
 */
export const MAX_BODY_BYTES = (ETCD_LIMIT * JSON_GROWTH * OBJECTS * 4) / 3

/**
 * How much of a body that is too large is taken and forgotten before it is refused: many clients read no answer until they
 * have sent everything, and would see a broken connection instead of the 413.
 */
export const MAX_DISCARDED_BYTES = MAX_BODY_BYTES

/**
 * Bodies in memory at once, from the first byte to the answer: two of the largest and room for a thousand usual ones (6 KB)
 * and more. Beyond it sockets are not read, and TCP tells the client to wait.
 */
export const MAX_BYTES_IN_FLIGHT = 64 * MIB

/**
 * JSON values in one body. In an object that etcd stores a value takes two bytes at least (`1,`), which makes 1.5 million in
 * two objects; the rest is for what is around them. Without it 24 MiB of `[],[],` would become half a gigabyte of arrays.
 */
export const MAX_VALUES = (ETCD_LIMIT / 2) * OBJECTS + 64 * 1024

/** An API server waits 30 s at most (`timeoutSeconds`) for its answer: a body that takes longer is sent for nobody. */
export const REQUEST_TIMEOUT_MS = 30_000

/** Headers come in one packet. Counts from the first byte: an API server keeps connections that it has not used yet. */
export const HEADERS_TIMEOUT_MS = 10_000

/** Node looks this often for requests that have run out of time. */
export const TIMEOUT_CHECK_MS = 2_000

/** A TLS handshake is two packets. */
export const HANDSHAKE_TIMEOUT_MS = 10_000

/** An API server closes idle connections after 90 s. If we were first, a request could meet the close and be lost. */
export const KEEP_ALIVE_MS = 120_000

/**
 * A connection on which nothing moves, such as one that has not been used, or does not read its answers. Longer than all of
 * the above.
 */
export const STALLED_CONNECTION_MS = 150_000

/**
 * Connections at once. API servers (one to seven) keep up to a few dozen each; an idle one costs about 40 KB here, so this
 * many cost 40 MB.
 */
export const MAX_CONNECTIONS = 1000

/**
 * A body up to here never waits behind larger ones: the review of a usual Pod has 6 KB. One on each connection makes 16 MiB
 * of what may be in flight.
 */
export const SMALL_BODY_BYTES = 16 * 1024
