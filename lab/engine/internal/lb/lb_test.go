package lb

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// server answers every line with its name.
func server(t *testing.T, name string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				for s := bufio.NewScanner(c); s.Scan(); {
					fmt.Fprintln(c, name)
				}
			}()
		}
	}()
	return l
}

func start(t *testing.T, first, file string) *Balancer {
	t.Helper()
	b, err := Listen("127.0.0.1:0", first, file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return b
}

func ask(t *testing.T, b *Balancer) (string, net.Conn) {
	t.Helper()
	c, err := net.Dial("tcp", b.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	fmt.Fprintln(c, "who")
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), c
}

func TestConnectionsGoToTheFirstServer(t *testing.T) {
	one := server(t, "one")
	b := start(t, one.Addr().String(), filepath.Join(t.TempDir(), "lb.json"))
	if who, _ := ask(t, b); who != "one" {
		t.Error(who)
	}
}

func TestALostServerIsReplacedByAnother(t *testing.T) {
	one, two := server(t, "one"), server(t, "two")
	b := start(t, one.Addr().String(), filepath.Join(t.TempDir(), "lb.json"))
	if err := b.Set([]string{one.Addr().String(), two.Addr().String()}); err != nil {
		t.Fatal(err)
	}
	_ = one.Close()
	if who, _ := ask(t, b); who != "two" {
		t.Error(who)
	}
}

func TestServersOutliveARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lb.json")
	one, two := server(t, "one"), server(t, "two")
	b := start(t, one.Addr().String(), file)
	if err := b.Set([]string{two.Addr().String()}); err != nil {
		t.Fatal(err)
	}
	_ = one.Close()
	if who, _ := ask(t, start(t, one.Addr().String(), file)); who != "two" {
		t.Error(who)
	}
}

func TestConnectionsToARemovedServerAreCut(t *testing.T) {
	one, two := server(t, "one"), server(t, "two")
	b := start(t, one.Addr().String(), filepath.Join(t.TempDir(), "lb.json"))
	_, conn := ask(t, b)
	if err := b.Set([]string{two.Addr().String()}); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Errorf("the connection lives on: %v", err)
	}
}

func TestNobodyKnowingIsNoReasonToForget(t *testing.T) {
	one := server(t, "one")
	b := start(t, one.Addr().String(), filepath.Join(t.TempDir(), "lb.json"))
	if err := b.Set(nil); err != nil {
		t.Fatal(err)
	}
	if who, _ := ask(t, b); who != "one" {
		t.Error(who)
	}
}

func TestADamagedListIsNotUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lb.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := server(t, "one")
	if who, _ := ask(t, start(t, one.Addr().String(), file)); who != "one" {
		t.Error(who)
	}
}
