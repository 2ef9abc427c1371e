package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestAnApplicationThatIsNotReadyIsAProblem(t *testing.T) {
	status := http.StatusServiceUnavailable
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	defer server.Close()
	needs := []need{{Name: "api", Kind: "application", Address: strings.TrimPrefix(server.URL, "http://"), Path: "/ready"}}
	if said := problems(context.Background(), needs); len(said) != 1 || !strings.Contains(said[0], "/ready answers 503") {
		t.Errorf("%q", said)
	}
	status = http.StatusOK
	if said := problems(context.Background(), needs); len(said) != 0 {
		t.Errorf("%q", said)
	}
}

func TestAPasswordThatWasNeverDeliveredIsAProblem(t *testing.T) {
	said := problems(context.Background(), []need{{Name: "db", Kind: "postgresql", Address: "127.0.0.1:1", Password: "STANDIN_DB_PASSWORD"}})
	if len(said) != 1 || !strings.Contains(said[0], "STANDIN_DB_PASSWORD is empty") {
		t.Errorf("%q", said)
	}
}

// redisWith answers AUTH as a Redis with this password does, and PING.
func redisWith(t *testing.T, password string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go speakRedis(connection, password)
		}
	}()
	return listener.Addr().String()
}

func speakRedis(connection net.Conn, password string) {
	defer connection.Close()
	lines := bufio.NewScanner(connection)
	known := false
	for lines.Scan() {
		var words int
		if _, err := fmt.Sscanf(lines.Text(), "*%d", &words); err != nil {
			return
		}
		said := []string{}
		for range words {
			lines.Scan()
			lines.Scan()
			said = append(said, lines.Text())
		}
		switch strings.ToLower(said[0]) {
		case "auth":
			known = said[len(said)-1] == password
			if !known {
				fmt.Fprint(connection, "-WRONGPASS invalid username-password pair or user is disabled.\r\n")
				continue
			}
			fmt.Fprint(connection, "+OK\r\n")
		case "ping":
			if !known {
				fmt.Fprint(connection, "-NOAUTH Authentication required.\r\n")
				continue
			}
			fmt.Fprint(connection, "+PONG\r\n")
		default:
			fmt.Fprint(connection, "-ERR unknown command\r\n")
		}
	}
}

func TestRedisIsOpenedWithItsPassword(t *testing.T) {
	t.Setenv("PASSWORD", "right")
	needs := []need{{Name: "redis", Kind: "redis", Address: redisWith(t, "right"), Password: "PASSWORD"}}
	if said := problems(context.Background(), needs); len(said) != 0 {
		t.Errorf("%q", said)
	}
	t.Setenv("PASSWORD", "wrong-and-secret")
	said := problems(context.Background(), needs)
	if len(said) != 1 || !strings.Contains(said[0], "WRONGPASS") || strings.Contains(said[0], "secret") {
		t.Errorf("%q", said)
	}
}

func TestAFileThatNobodyFilledIsAProblem(t *testing.T) {
	full, empty := t.TempDir()+"/full", t.TempDir()+"/empty"
	for path, text := range map[string]string{full: "not-to-be-told", empty: ""} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	said := missing(filesOf(full + "," + empty + ",/none/at/all"))
	if len(said) != 2 || !strings.Contains(said[0], empty+" is empty") || !strings.Contains(said[1], "/none/at/all") {
		t.Errorf("%q", said)
	}
	if said := missing(filesOf("")); len(said) != 0 {
		t.Errorf("%q", said)
	}
}

func TestItIsUnreadyUntilEverythingAnswers(t *testing.T) {
	s := newState("web")
	status := func() int {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/health", nil))
		return w.Code
	}
	if status() != http.StatusServiceUnavailable {
		t.Error("ready before it has looked")
	}
	if said := s.set([]string{"db at db:5432: refused"}); said != "web: not ready: db at db:5432: refused" {
		t.Errorf("%q", said)
	}
	if status() != http.StatusServiceUnavailable || s.set([]string{"db at db:5432: refused"}) != "" {
		t.Error("what is known is said again")
	}
	if s.set(nil) == "" || status() != http.StatusOK {
		t.Error("not ready though everything answers")
	}
}
