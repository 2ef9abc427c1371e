/** Version of the event interface: minor = something was added, major = something changed its meaning. */
export const EVENT_INTERFACE = '1.2';
