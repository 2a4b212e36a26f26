package bus

// Bus carries short messages by subject. Every implementation passes
// bustest.Run.
type Bus interface {
	// Publish tells every subscriber of exactly this subject. It never blocks
	// and never fails; with nobody listening it does nothing. The caller may
	// use data again.
	Publish(subject string, data []byte)

	// Subscribe calls fn for each message, one at a time and in the order of
	// publishing. fn must not change data. After cancel has returned, only a
	// call that was already under way may still run.
	Subscribe(subject string, fn func(data []byte)) (cancel func())
}
