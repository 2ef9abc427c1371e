package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	amqp "github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"
)

const patience = 3 * time.Second

// problems opens all needs at once and returns a sentence for each that cannot be opened, in the order of the needs.
func problems(ctx context.Context, needs []need) []string {
	errs := make([]error, len(needs))
	var all sync.WaitGroup
	for i, n := range needs {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			errs[i] = open(ctx, n)
		})
	}
	all.Wait()
	said := []string{}
	for i, err := range errs {
		if err != nil {
			said = append(said, fmt.Sprintf("%s at %s: %v", needs[i].Name, needs[i].Address, err))
		}
	}
	return said
}

func open(ctx context.Context, n need) error {
	user, password, err := credentials(n)
	if err != nil {
		return err
	}
	switch n.Kind {
	case "postgresql":
		return openPostgres(ctx, n, user, password)
	case "mariadb", "proxysql":
		return openMySQL(ctx, n, user, password)
	case "redis":
		return openRedis(ctx, n, user, password)
	case "rabbitmq":
		return openRabbit(n, user, password)
	case "application":
		return get(ctx, n, n.Path)
	case "minio":
		return get(ctx, n, or(n.Path, "/minio/health/live"))
	default:
		if n.Path != "" {
			return get(ctx, n, n.Path)
		}
		return dial(ctx, n)
	}
}

// credentials are in variables that a Secret fills: one that is empty was never delivered.
func credentials(n need) (user, password string, err error) {
	user, password = os.Getenv(n.Username), os.Getenv(n.Password)
	if n.Username != "" && user == "" {
		return "", "", fmt.Errorf("%s is empty", n.Username)
	}
	if n.Password != "" && password == "" {
		return "", "", fmt.Errorf("%s is empty", n.Password)
	}
	return user, password, nil
}

func openPostgres(ctx context.Context, n need, user, password string) error {
	config, err := pgx.ParseConfig("sslmode=disable")
	if err != nil {
		return err
	}
	host, port, err := split(n.Address)
	if err != nil {
		return err
	}
	config.Host, config.Port, config.User, config.Password = host, port, or(user, "postgres"), password
	config.Database = "postgres"
	config.TLSConfig = tlsOf(n)
	connection, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	return connection.Ping(ctx)
}

func openMySQL(ctx context.Context, n need, user, password string) error {
	config := mysql.NewConfig()
	config.Net, config.Addr, config.User, config.Passwd = "tcp", n.Address, or(user, "root"), password
	config.TLS = tlsOf(n)
	config.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return err
	}
	database := sql.OpenDB(connector)
	defer database.Close()
	return database.PingContext(ctx)
}

func openRedis(ctx context.Context, n need, user, password string) error {
	client := redis.NewClient(&redis.Options{
		Addr: n.Address, Username: user, Password: password, TLSConfig: tlsOf(n), MaxRetries: -1,
	})
	defer client.Close()
	return client.Ping(ctx).Err()
}

func openRabbit(n need, user, password string) error {
	scheme := "amqp"
	if n.TLS {
		scheme = "amqps"
	}
	connection, err := amqp.DialConfig(fmt.Sprintf("%s://%s/", scheme, n.Address), amqp.Config{
		SASL:            []amqp.Authentication{&amqp.PlainAuth{Username: or(user, "guest"), Password: or(password, "guest")}},
		TLSClientConfig: tlsOf(n),
		Dial:            amqp.DefaultDial(patience),
	})
	if err != nil {
		return err
	}
	return connection.Close()
}

func get(ctx context.Context, n need, path string) error {
	scheme := "http"
	if n.TLS {
		scheme = "https"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+n.Address+path, nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: tlsOf(n)}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answers %s", path, response.Status)
	}
	return nil
}

func dial(ctx context.Context, n need) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", n.Address)
	if err != nil {
		return err
	}
	return connection.Close()
}

// tlsOf checks no certificates: those of a lab are made by the lab.
func tlsOf(n need) *tls.Config {
	if !n.TLS {
		return nil
	}
	return &tls.Config{InsecureSkipVerify: true}
}

func split(address string) (string, uint16, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	return host, uint16(port), err
}

func or(value, instead string) string {
	if value == "" {
		return instead
	}
	return value
}
