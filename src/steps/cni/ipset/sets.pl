# Speaks to the kernel's ipset without the ipset program, because a program makes sets only in its own newest revision
# and reads none that are newer. Messages are those of linux/netfilter/ipset/ip_set.h, protocol 6.
#   headers NAME ...                          prints NAME TYPE REVISION FAMILY of each set that is there, tabs between
#   create NAME TYPE REVISION FAMILY MAXELEM  FAMILY: 2 = IPv4, 10 = IPv6
#   swap NAME NAME
#   destroy NAME                              no error when it is not there
use strict;
use warnings;
use Errno qw(ENOENT);
use Socket;

use constant {
    AF_NETLINK => 16, NETLINK_NETFILTER => 12, SUBSYSTEM => 6 << 8,
    REQUEST_ACK => 1 | 4, CREATE_EXCL => 0x200 | 0x400, NLMSG_ERROR => 2, NESTED => 0x8000,
    BIG_ENDIAN => 0x4000, FAMILY_INET => 2, PROTOCOL => 6,
    CMD_CREATE => 2, CMD_DESTROY => 3, CMD_SWAP => 6, CMD_HEADER => 12,
    A_PROTOCOL => 1, A_NAME => 2, A_TYPE => 3, A_REVISION => 4, A_FAMILY => 5, A_DATA => 7, A_MAXELEM => 19,
};

sub attribute {
    my ($type, $data) = @_;
    my $length = 4 + length $data;
    return pack('SS', $length, $type) . $data . ("\0" x ((4 - $length % 4) % 4));
}

sub text { return attribute($_[0], "$_[1]\0") }
sub byte { return attribute($_[0], pack('C', $_[1])) }

socket(my $kernel, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER) or die "netlink: $!\n";
bind($kernel, pack('SSLL', AF_NETLINK, 0, 0, 0)) or die "netlink: $!\n";

# Sends one message. Returns its error number (0 = done) and what came before the acknowledgement.
sub ask {
    my ($command, $flags, $body) = @_;
    my $all = pack('CCn', FAMILY_INET, 0, 0) . byte(A_PROTOCOL, PROTOCOL) . $body;
    my $head = pack('LSSLL', 16 + length $all, SUBSYSTEM | $command, REQUEST_ACK | $flags, 1, 0);
    defined send($kernel, $head . $all, 0) or die "netlink: $!\n";
    my $answer = '';
    while (1) {
        defined recv($kernel, my $part, 65536, 0) or die "netlink: $!\n";
        while (length $part >= 16) {
            my ($length, $type) = unpack('LS', $part);
            return (-unpack('l', substr($part, 16, 4)), $answer) if $type == NLMSG_ERROR;
            $answer .= substr($part, 20, $length - 20);
            $part = substr($part, ($length + 3) & ~3);
        }
    }
}

sub attributes {
    my ($data) = @_;
    my %found;
    while (length $data >= 4) {
        my ($length, $type) = unpack('SS', $data);
        last if $length < 4;
        $found{ $type & 0x3fff } = substr($data, 4, $length - 4);
        $data = length $data > (($length + 3) & ~3) ? substr($data, ($length + 3) & ~3) : '';
    }
    return %found;
}

# Numbers from 4096 on are ipset's own.
my %refusals = (
    4098 => 'the kernel has no such type in this revision',
    4100 => 'it is in use',
    4102 => 'the sets are of different types',
);

sub must {
    my ($what, $error) = @_;
    return if $error == 0;
    local $! = $error;
    die "$what: " . ($refusals{$error} // ($error < 4096 ? "$!" : "error $error of ipset")) . "\n";
}

my %commands = (
    headers => sub {
        for my $name (@_) {
            my ($error, $answer) = ask(CMD_HEADER, 0, text(A_NAME, $name));
            next if $error == ENOENT;
            must("look at $name", $error);
            my %set = attributes($answer);
            my ($type, $revision, $family) = ($set{ +A_TYPE }, map { unpack 'C', $_ } @set{ A_REVISION, A_FAMILY });
            $type =~ s/\0.*//;
            print "$name\t$type\t$revision\t$family\n";
        }
    },
    create => sub {
        my ($name, $type, $revision, $family, $maxelem) = @_;
        my $body = text(A_NAME, $name) . text(A_TYPE, $type) . byte(A_REVISION, $revision) . byte(A_FAMILY, $family)
            . attribute(NESTED | A_DATA, attribute(BIG_ENDIAN | A_MAXELEM, pack('N', $maxelem)));
        must("make $name in revision $revision", (ask(CMD_CREATE, CREATE_EXCL, $body))[0]);
    },
    swap => sub {
        my ($one, $other) = @_;
        must("swap $one and $other", (ask(CMD_SWAP, 0, text(A_NAME, $one) . text(A_TYPE, $other)))[0]);
    },
    destroy => sub {
        my ($error) = ask(CMD_DESTROY, 0, text(A_NAME, $_[0]));
        must("destroy $_[0]", $error) if $error != ENOENT;
    },
);

my $command = $commands{ shift(@ARGV) // '' } or die "no such command\n";
$command->(@ARGV);
