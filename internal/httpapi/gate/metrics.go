package gate

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rapport/internal/account"
)

// Gauge is a number that another part of the product knows.
type Gauge struct {
	Name, Help string
	Labels     map[string]string
	Value      float64
}

// metrics are the numbers for the operator's own monitoring.
type metrics struct {
	registry  *prometheus.Registry
	durations *prometheus.HistogramVec
}

func newMetrics(gauges func(context.Context) []Gauge) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rapport_http_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10},
		}, []string{"method", "route", "status"}),
	}
	m.registry.MustRegister(m.durations, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), asked{gauges})
	return m
}

// asked asks for its numbers when they are read.
type asked struct{ gauges func(context.Context) []Gauge }

func (asked) Describe(chan<- *prometheus.Desc) {} // unchecked: the names come with the numbers

func (c asked) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, g := range c.gauges(ctx) {
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc(g.Name, g.Help, nil, g.Labels), prometheus.GaugeValue, g.Value)
	}
}

// measure counts one answer. Addresses that are no route are counted together,
// or strangers could fill the memory with names.
func (m *metrics) measure(r *http.Request, status int, took time.Duration) {
	route := patternOf(r)
	if route == "" || route == "/" {
		route = "other"
	}
	if status == http.StatusSwitchingProtocols {
		return
	}
	m.durations.WithLabelValues(Method(r), route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// Method is the method of a request, as far as it is one we know.
func Method(r *http.Request) string {
	switch r.Method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return r.Method
	}
	return "other"
}

// ServeMetrics answers the machine's own network, and admins with a key from
// anywhere.
func (g *Gate) ServeMetrics(w http.ResponseWriter, r *http.Request) {
	if !g.near(r) && !g.readsHealth(r) {
		WriteProblem(w, r, NewProblem(http.StatusForbidden, "The numbers are for the server's own network, or for an admin's API key."))
		return
	}
	promhttp.HandlerFor(g.metrics.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// near reports whether a request comes from this machine or its network. What
// a proxy brings that nobody has named as trusted may come from anywhere.
func (g *Gate) near(r *http.Request) bool {
	brought := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	if peer, _, err := net.SplitHostPort(r.RemoteAddr); brought && (err != nil || !g.trusted(peer)) {
		return false
	}
	addr, err := netip.ParseAddr(requestOf(r.Context()).ip)
	return err == nil && (addr.Unmap().IsLoopback() || addr.Unmap().IsPrivate())
}

func (g *Gate) readsHealth(r *http.Request) bool {
	info := requestOf(r.Context())
	if g.authenticate(r, info) != nil {
		return false
	}
	return g.Accounts.Allow(r.Context(), info.actor, account.HealthRead, 0) == nil
}
