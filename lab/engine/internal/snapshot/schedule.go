package snapshot

import (
	"context"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/sirupsen/logrus"
)

// Schedule takes snapshots by a cron expression and keeps the newest, until ctx ends.
func (s Store) Schedule(ctx context.Context, expression string, keep int, records Records) error {
	schedule, err := cron.ParseStandard(expression)
	if err != nil {
		return fmt.Errorf("etcd-snapshot-schedule-cron: %w", err)
	}
	s.sync(ctx, records)
	for {
		timer := time.NewTimer(time.Until(schedule.Next(time.Now())))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		f, err := s.Save(ctx, time.Now())
		if err == nil {
			logrus.Infof("Snapshot %s saved.", f.Name)
			_, err = s.Prune(keep)
		}
		if err != nil && ctx.Err() == nil {
			logrus.Errorf("Failed to take etcd snapshot: %v", err)
		}
		s.sync(ctx, records)
	}
}

func (s Store) sync(ctx context.Context, records Records) {
	present, err := s.List()
	if err == nil {
		err = records.Sync(ctx, s.Node, present)
	}
	if err != nil && ctx.Err() == nil {
		logrus.Warnf("Failed to record etcd snapshots: %v", err)
	}
}
