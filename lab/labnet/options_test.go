package main

import "testing"

func none(string) string { return "" }

func node(key string) string {
	return map[string]string{"NODE_NAME": "n1", "POD_NAMESPACE": "lab-network"}[key]
}

func TestOptionsAreRefusedByName(t *testing.T) {
	ranges := []string{"--pool=10.42.0.0/16", "--pods=10.42.0.0/16"}
	cases := map[string]struct {
		args []string
		env  func(string) string
	}{
		"no node":                {ranges, none},
		"no ranges":              {nil, node},
		"not the start of it":    {[]string{"--pool=10.42.1.0/16", ranges[1]}, node},
		"IPv6":                   {[]string{"--pool=fd00::/64", ranges[1]}, node},
		"block larger than pool": {append(ranges, "--block=15"), node},
		"block of one address":   {append(ranges, "--block=32"), node},
		"unknown":                {append(ranges, "--typo=1"), node},
	}
	for name, c := range cases {
		if _, err := parseOptions(c.args, c.env); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	o, err := parseOptions(append(ranges, "--beside=true"), node)
	if err != nil || !o.Beside || o.Node != "n1" || o.Port != 4789 || o.BlockBits != 24 {
		t.Errorf("%+v, %v", o, err)
	}
}
