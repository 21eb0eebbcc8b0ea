// The traces of the emission benchmark, as NativeEmission.java writes them, and how they are timed.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>
#include <sys/mman.h>

enum { LOAD, STORE, GUARD, ADD, CONSTANT, COMPARE, LOOP, EXIT, ATTRIBUTE, INTEGER };
constexpr int LENGTH = 1000;
constexpr size_t MOST = 1 << 18;

struct Trace {
    int32_t ops[LENGTH], sp[LENGTH], a[LENGTH], exit[LENGTH], target[LENGTH], imm[LENGTH];
    int64_t ptr[LENGTH];
};

struct Callees {
    uint8_t *dealloc, *deopt, *function;
};

inline std::vector<Trace> read_traces(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(2); }
    std::vector<Trace> all;
    Trace *trace = new Trace;
    while (fread(trace, sizeof *trace, 1, file) == 1) all.push_back(*trace);
    delete trace;
    fclose(file);
    return all;
}

inline double now() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

// A writer has emit(trace), which leaves linked bytes at code(), and size().
template <class Writer> int run(int count, char **arguments) {
    if (count != 5) { fprintf(stderr, "usage: SAMPLES MILLIS PREDICTABLE RANDOM\n"); return 2; }
    int samples = atoi(arguments[1]);
    double least = atof(arguments[2]) * 1e6;
    // Only written, never run: no need for it to be executable.
    void *memory = mmap(nullptr, MOST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) { perror("mmap"); return 2; }
    uint8_t *away = (uint8_t *)memory + (256 << 20);
    Trace one = read_traces(arguments[4])[0];
    double begun = now();
    Writer writer((uint8_t *)memory, Callees{away, away + 64, away + 128});
    writer.emit(one);
    printf("%.3f\n", now() - begun); // the first trace of a process
    for (int order = 3; order < 5; order++) {
        std::vector<Trace> traces = read_traces(arguments[order]);
        double bytes = 0;
        uint64_t hash = 0xcbf29ce484222325u;
        for (const Trace &trace : traces) {
            writer.emit(trace);
            bytes += writer.size();
            for (size_t i = 0; i < writer.size(); i++) hash = (hash ^ ((uint8_t *)memory)[i]) * 0x100000001b3u;
        }
        size_t next = 0;
        auto time = [&](int repetitions) {
            double start = now();
            for (int i = 0; i < repetitions; i++) {
                writer.emit(traces[next]);
                next = next + 1 == traces.size() ? 0 : next + 1;
            }
            return now() - start;
        };
        int repetitions = 1;
        while (time(repetitions) < least) repetitions *= 2;
        std::vector<double> all;
        for (int i = 0; i < samples; i++) all.push_back(time(repetitions) / repetitions);
        std::sort(all.begin(), all.end());
        printf("%.3f %.1f %016llx\n", all[samples / 2], bytes / traces.size(), (unsigned long long)hash);
    }
    return 0;
}
