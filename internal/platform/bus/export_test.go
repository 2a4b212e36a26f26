package bus

// Prefix is what the subjects of an installation begin with.
func (n *NATS) Prefix() string { return n.prefix }

// Cut hangs up on the server, which is then called again.
func (n *NATS) Cut() { _ = n.conn.ForceReconnect() }

// Connected reports whether the server is there.
func (n *NATS) Connected() bool { return n.conn.IsConnected() }

// Brought is how many messages the server has brought so far.
func (n *NATS) Brought() uint64 { return n.conn.Stats().InMsgs }
