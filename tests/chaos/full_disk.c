/* Preloaded into a process: from a chosen write on, every write below a chosen folder finds the disk full. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long room = -1; /* writes that still succeed; below 0: not armed */
static long seen = 0;

void disk_fills_after(const char *where, long writes)
{
    snprintf(folder, sizeof folder, "%s/", where);
    room = writes;
    seen = 0;
}

long writes_seen(void) { return seen; }

static int is_full(int fd)
{
    char link[64], path[PATH_MAX];
    if (room < 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return 0;
    path[n] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0)
        return 0;
    if (seen++ < room)
        return 0;
    errno = ENOSPC;
    return 1;
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

ssize_t write(int fd, const void *data, size_t n)
{
    return is_full(fd) ? -1 : REAL(ssize_t, "write", int, const void *, size_t)(fd, data, n);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
    return is_full(fd) ? -1 : REAL(ssize_t, "pwrite", int, const void *, size_t, off_t)(fd, data, n, at);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    return is_full(fd) ? -1 : REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)(fd, data, n, at);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    return is_full(fd) ? -1 : REAL(ssize_t, "writev", int, const struct iovec *, int)(fd, parts, n);
}

int fsync(int fd) { return is_full(fd) ? -1 : REAL(int, "fsync", int)(fd); }

int fdatasync(int fd) { return is_full(fd) ? -1 : REAL(int, "fdatasync", int)(fd); }

ssize_t sendfile(int to, int from, off_t *at, size_t n)
{
    return is_full(to) ? -1 : REAL(ssize_t, "sendfile", int, int, off_t *, size_t)(to, from, at, n);
}

ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *there, size_t n, unsigned flags)
{
    return is_full(to) ? -1
                       : REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned)(
                             from, at, to, there, n, flags);
}
