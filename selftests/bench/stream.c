// SPDX-License-Identifier: GPL-2.0
/*
 * stream FROM TO ADDRESS MIB
 * Send MIB of TCP from the network namespace FROM (a file) to ADDRESS in TO,
 * and print how many nanoseconds 64 KiB take, sender and receiver together.
 * That is what they cost only if the one CPU has nothing else to do and never
 * waits, so it is an error if it was idle.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNIT		65536
#define UNITS_PER_MIB	16
#define WARM_UP		(16 * UNITS_PER_MIB)	/* windows open in these */
#define IDLE_MAX	50			/* one part in so many */

static char buffer[UNIT];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/* Time that the CPU was idle since boot, in nanoseconds */
static double idle_time(void)
{
	unsigned long user, nice, system, idle, iowait;
	FILE *f = fopen("/proc/stat", "r");

	if (!f || fscanf(f, "cpu %lu %lu %lu %lu %lu", &user, &nice, &system,
			 &idle, &iowait) != 5)
		errx(1, "/proc/stat is not as expected");
	fclose(f);
	return (idle + iowait) * 1e9 / sysconf(_SC_CLK_TCK);
}

static int socket_in(const char *netns)
{
	int ns = open(netns, O_RDONLY | O_CLOEXEC);
	int fd;

	if (ns < 0 || setns(ns, CLONE_NEWNET))
		err(1, "%s", netns);
	close(ns);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		err(1, "socket");
	return fd;
}

/* Two ends of one connection: fds[0] sends, fds[1] receives */
static void connect_ends(const char *from, const char *to, const char *address,
			 int fds[2])
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int listener = socket_in(to);

	if (inet_pton(AF_INET, address, &sin.sin_addr) != 1)
		errx(1, "%s is no IPv4 address", address);
	if (bind(listener, (struct sockaddr *)&sin, len) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&sin, &len))
		err(1, "listen on %s", address);
	fds[0] = socket_in(from);
	if (connect(fds[0], (struct sockaddr *)&sin, len))
		err(1, "connect to %s", address);
	fds[1] = accept(listener, NULL, NULL);
	if (fds[1] < 0)
		err(1, "accept");
	close(listener);
}

static void send_units(int fd, int n)
{
	ssize_t done, sent;

	while (n--) {
		for (done = 0; done < UNIT; done += sent) {
			sent = write(fd, buffer + done, UNIT - done);
			if (sent < 0)
				err(1, "write");
		}
	}
}

static void receive_units(int fd, int n)
{
	long long left = (long long)n * UNIT;
	ssize_t got;

	while (left > 0) {
		got = read(fd, buffer, left < UNIT ? left : UNIT);
		if (got <= 0)
			err(1, "read");
		left -= got;
	}
}

int main(int argc, char **argv)
{
	int units, fds[2], warm[2], status;
	double took, idle;
	pid_t receiver;
	char done = 0;

	if (argc != 5)
		errx(2, "usage: stream FROM TO ADDRESS MIB");
	units = atoi(argv[4]) * UNITS_PER_MIB;
	connect_ends(argv[1], argv[2], argv[3], fds);
	if (pipe(warm))
		err(1, "pipe");

	receiver = fork();
	if (receiver < 0)
		err(1, "fork");
	if (!receiver) {
		receive_units(fds[1], WARM_UP);
		if (write(warm[1], &done, 1) != 1)
			err(1, "pipe");
		receive_units(fds[1], units);
		return 0;
	}

	send_units(fds[0], WARM_UP);
	if (read(warm[0], &done, 1) != 1)
		err(1, "pipe");
	idle = idle_time();
	took = now();
	send_units(fds[0], units);
	if (wait(&status) != receiver || status)
		errx(1, "the receiver did not get everything");
	took = now() - took;
	idle = idle_time() - idle;
	if (idle > took / IDLE_MAX)
		errx(1, "the CPU was idle for %.0f of %.0f ns", idle, took);
	printf("%.1f\n", took / units);
	return 0;
}
