/*
 * A driver that has no GPU: lets TornadoVM generate the code for one.
 *
 * It stands in for the CUDA driver and for NVRTC, as far as TornadoVM's CUDA and PTX backends
 * call them. It claims one device of compute capability 9.0, keeps "device" memory on the heap,
 * copies at once, and launches nothing: what a kernel would have written stays as it was.
 * Everything that it is asked to compile or to load goes to the folder named by FAKE_CUDA_DIR:
 *
 *   001-name.cu      CUDA C source, its NVRTC options in the first line
 *   001-name.ptx     PTX, or .cubin where the real NVRTC compiled it
 *   launches.txt     a line for each launch: kernel, grid, block, bytes of shared memory
 *
 * Build:
 *   cc -O1 -shared -fPIC -Wl,-soname,libcuda.so.1         fake_cuda.c -o libcuda.so.1
 *   cc -O1 -shared -fPIC -Wl,-soname,libnvrtc.so.13 -DNVRTC fake_cuda.c -o libnvrtc.so.13
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LENGTH 200

/* What the stand-in for NVRTC answers as an image; the stand-in for the driver does not save it. */
static const char PLACEHOLDER[] = "// no code\n";

/* Opens a file in FAKE_CUDA_DIR, or answers NULL where that is not set. */
static FILE *open_output(const char *file, const char *mode) {
    const char *dir = getenv("FAKE_CUDA_DIR");
    char path[4096];
    if (dir == NULL || snprintf(path, sizeof path, "%s/%s", dir, file) >= (int) sizeof path) {
        return NULL;
    }
    return fopen(path, mode);
}

/* Copies the word that follows the mark in the data. */
static void word_after(const char *data, size_t size, const char *mark, char *word) {
    const char *at = memmem(data, size, mark, strlen(mark));
    size_t length = at == NULL ? 0 : strcspn(at + strlen(mark), "( \t\n");
    if (length == 0 || length >= NAME_LENGTH) {
        strcpy(word, "unknown");
    } else {
        memcpy(word, at + strlen(mark), length);
        word[length] = 0;
    }
}

static void save(const char *name, const char *extension, const char *header, const void *data, size_t size) {
    static int count;
    char file[NAME_LENGTH + 32];
    snprintf(file, sizeof file, "%03d-%s.%s", __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED), name, extension);
    FILE *out = open_output(file, "wb");
    if (out != NULL) {
        fputs(header, out);
        fwrite(data, 1, size, out);
        fclose(out);
    }
}

#ifdef NVRTC

/* ---- NVRTC ---- */

typedef struct {
    char *source;
} Program;

int nvrtcVersion(int *major, int *minor) {
    *major = 13;
    *minor = 0;
    return 0;
}

const char *nvrtcGetErrorString(int result) {
    return result == 0 ? "NVRTC_SUCCESS" : "NVRTC_ERROR";
}

int nvrtcGetNumSupportedArchs(int *count) {
    *count = 1;
    return 0;
}

int nvrtcGetSupportedArchs(int *archs) {
    archs[0] = 90;
    return 0;
}

int nvrtcCreateProgram(Program **program, const char *source, const char *name, int headers,
                       const char *const *header_texts, const char *const *header_names) {
    (void) name, (void) headers, (void) header_texts, (void) header_names;
    *program = malloc(sizeof(Program));
    (*program)->source = strdup(source);
    return 0;
}

int nvrtcDestroyProgram(Program **program) {
    free((*program)->source);
    free(*program);
    *program = NULL;
    return 0;
}

int nvrtcCompileProgram(Program *program, int count, const char *const *options) {
    char name[NAME_LENGTH];
    char header[4096] = "// options:";
    for (int i = 0; i < count; i++) {
        size_t used = strlen(header);
        snprintf(header + used, sizeof header - used - 1, " %s", options[i]);
    }
    strcat(header, "\n");
    word_after(program->source, strlen(program->source), "__global__ void ", name);
    save(name, "cu", header, program->source, strlen(program->source));
    return 0;
}

int nvrtcGetProgramLogSize(Program *program, size_t *size) {
    (void) program;
    *size = 1;
    return 0;
}

int nvrtcGetProgramLog(Program *program, char *log) {
    (void) program;
    log[0] = 0;
    return 0;
}

int nvrtcGetPTXSize(Program *program, size_t *size) {
    (void) program;
    *size = sizeof PLACEHOLDER;
    return 0;
}

int nvrtcGetPTX(Program *program, char *image) {
    (void) program;
    memcpy(image, PLACEHOLDER, sizeof PLACEHOLDER);
    return 0;
}

int nvrtcGetCUBINSize(Program *program, size_t *size) {
    return nvrtcGetPTXSize(program, size);
}

int nvrtcGetCUBIN(Program *program, char *image) {
    return nvrtcGetPTX(program, image);
}

#else

/* ---- the driver ---- */

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_FOUND = 500 };

#define DEVICE_MEMORY ((size_t) 80 << 30)

/* Contexts, streams, events and graphs have nothing to remember, so one handle serves for all. */
static char handle;

typedef struct {
    char name[NAME_LENGTH];
} Function;

typedef struct {
    Function function;
} Module;

/* The stream that is being captured: the launches between begin and end only count as recorded. */
static void *capturing;

int cuInit(unsigned flags) {
    (void) flags;
    return SUCCESS;
}

/* The real NVRTC calls this where it finds a driver, and does without the table. */
int cuGetExportTable(const void **table, const void *id) {
    (void) id;
    *table = NULL;
    return NOT_FOUND;
}

int cuDriverGetVersion(int *version) {
    *version = 13000;
    return SUCCESS;
}

int cuGetErrorName(int error, const char **text) {
    *text = error == SUCCESS ? "CUDA_SUCCESS" : "CUDA_ERROR";
    return SUCCESS;
}

int cuGetErrorString(int error, const char **text) {
    return cuGetErrorName(error, text);
}

int cuDeviceGetCount(int *count) {
    *count = 1;
    return SUCCESS;
}

int cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return SUCCESS;
}

int cuDeviceGetName(char *name, int length, int device) {
    (void) device;
    snprintf(name, length, "No GPU (as an H100)");
    return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    (void) device;
    *bytes = DEVICE_MEMORY;
    return SUCCESS;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    (void) device;
    switch (attribute) {
        case 1: *value = 1024; break;        /* threads in a block */
        case 2: *value = 1024; break;        /* block x */
        case 3: *value = 1024; break;        /* block y */
        case 4: *value = 64; break;          /* block z */
        case 5: *value = 2147483647; break;  /* grid x */
        case 6: *value = 65535; break;       /* grid y */
        case 7: *value = 65535; break;       /* grid z */
        case 8: *value = 49152; break;       /* shared memory of a block */
        case 9: *value = 65536; break;       /* constant memory */
        case 10: *value = 32; break;         /* warp */
        case 12: *value = 65536; break;      /* registers of a block */
        case 13: *value = 1980000; break;    /* clock in kHz */
        case 16: *value = 132; break;        /* multiprocessors */
        case 31: *value = 1; break;          /* kernels run concurrently */
        case 40: *value = 3; break;          /* copy engines */
        case 75: *value = 9; break;          /* compute capability, major */
        case 76: *value = 0; break;          /* compute capability, minor */
        default: *value = 0; break;
    }
    return SUCCESS;
}

int cuCtxCreate_v4(void **context, void *parameters, unsigned flags, int device) {
    (void) parameters, (void) flags, (void) device;
    *context = &handle;
    return SUCCESS;
}

int cuCtxDestroy_v2(void *context) {
    (void) context;
    return SUCCESS;
}

int cuCtxSetCurrent(void *context) {
    (void) context;
    return SUCCESS;
}

int cuCtxSynchronize(void) {
    return SUCCESS;
}

int cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    *least = 0;
    *greatest = -5;
    return SUCCESS;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    void *memory = calloc(1, bytes);
    *address = (uintptr_t) memory;
    return memory == NULL ? OUT_OF_MEMORY : SUCCESS;
}

int cuMemFree_v2(uint64_t address) {
    free((void *) (uintptr_t) address);
    return SUCCESS;
}

int cuMemAllocHost_v2(void **memory, size_t bytes) {
    *memory = calloc(1, bytes);
    return *memory == NULL ? OUT_OF_MEMORY : SUCCESS;
}

int cuMemFreeHost(void *memory) {
    free(memory);
    return SUCCESS;
}

int cuMemHostRegister_v2(void *memory, size_t bytes, unsigned flags) {
    (void) memory, (void) bytes, (void) flags;
    return SUCCESS;
}

int cuMemHostUnregister(void *memory) {
    (void) memory;
    return SUCCESS;
}

int cuMemGetInfo_v2(size_t *available, size_t *total) {
    *available = DEVICE_MEMORY;
    *total = DEVICE_MEMORY;
    return SUCCESS;
}

int cuMemsetD8_v2(uint64_t address, unsigned char value, size_t bytes) {
    memset((void *) (uintptr_t) address, value, bytes);
    return SUCCESS;
}

int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) {
    memmove((void *) (uintptr_t) to, (void *) (uintptr_t) from, bytes);
    return SUCCESS;
}

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) {
    (void) stream;
    memcpy((void *) (uintptr_t) to, from, bytes);
    return SUCCESS;
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) {
    (void) stream;
    memcpy(to, (void *) (uintptr_t) from, bytes);
    return SUCCESS;
}

int cuStreamCreate(void **stream, unsigned flags) {
    (void) flags;
    *stream = malloc(1);
    return SUCCESS;
}

int cuStreamCreateWithPriority(void **stream, unsigned flags, int priority) {
    (void) priority;
    return cuStreamCreate(stream, flags);
}

int cuStreamDestroy_v2(void *stream) {
    free(stream);
    return SUCCESS;
}

int cuStreamSynchronize(void *stream) {
    return stream != NULL && stream == capturing ? INVALID_VALUE : SUCCESS;
}

int cuStreamWaitEvent(void *stream, void *event, unsigned flags) {
    (void) stream, (void) event, (void) flags;
    return SUCCESS;
}

int cuStreamBeginCapture_v2(void *stream, int mode) {
    (void) mode;
    capturing = stream;
    return SUCCESS;
}

int cuStreamEndCapture(void *stream, void **graph) {
    (void) stream;
    capturing = NULL;
    *graph = &handle;
    return SUCCESS;
}

int cuStreamIsCapturing(void *stream, int *status) {
    *status = stream != NULL && stream == capturing;
    return SUCCESS;
}

int cuEventCreate(void **event, unsigned flags) {
    (void) flags;
    *event = &handle;
    return SUCCESS;
}

int cuEventDestroy_v2(void *event) {
    (void) event;
    return SUCCESS;
}

int cuEventRecord(void *event, void *stream) {
    (void) event, (void) stream;
    return SUCCESS;
}

int cuEventQuery(void *event) {
    (void) event;
    return SUCCESS;
}

int cuEventSynchronize(void *event) {
    (void) event;
    return SUCCESS;
}

int cuEventElapsedTime_v2(float *milliseconds, void *start, void *end) {
    (void) start, (void) end;
    *milliseconds = 0;
    return SUCCESS;
}

/* The length of a 64-bit ELF file whose section headers come last or first, as a cubin's. */
static size_t cubin_size(const unsigned char *image) {
    uint64_t headers, programs;
    uint16_t entry, count, program_entry, program_count;
    memcpy(&programs, image + 32, 8);
    memcpy(&headers, image + 40, 8);
    memcpy(&program_entry, image + 54, 2);
    memcpy(&program_count, image + 56, 2);
    memcpy(&entry, image + 58, 2);
    memcpy(&count, image + 60, 2);
    uint64_t end = headers + (uint64_t) entry * count;
    uint64_t other = programs + (uint64_t) program_entry * program_count;
    return end > other ? end : other;
}

int cuModuleLoadData(void **module, const void *image) {
    Module *loaded = calloc(1, sizeof(Module));
    *module = loaded;
    char name[NAME_LENGTH];
    if (memcmp(image, "\177ELF", 4) == 0) {
        size_t size = cubin_size(image);
        word_after(image, size, ".text.", name);
        save(name, "cubin", "", image, size);
    } else if (strcmp(image, PLACEHOLDER) != 0) {
        size_t size = strlen(image);
        word_after(image, size, ".entry ", name);
        save(name, "ptx", "", image, size);
    }
    return SUCCESS;
}

int cuModuleLoadDataEx(void **module, const void *image, unsigned count, int *options, void **values) {
    (void) count, (void) options, (void) values;
    return cuModuleLoadData(module, image);
}

int cuModuleUnload(void *module) {
    free(module);
    return SUCCESS;
}

/* TornadoVM makes a module for each kernel, so a module has room for one function. */
int cuModuleGetFunction(void **function, void *module, const char *name) {
    Module *loaded = module;
    snprintf(loaded->function.name, NAME_LENGTH, "%s", name);
    *function = &loaded->function;
    return SUCCESS;
}

int cuOccupancyMaxPotentialBlockSize(int *grid, int *block, void *function, void *shared_of, size_t shared, int limit) {
    (void) function, (void) shared_of, (void) shared, (void) limit;
    *grid = 264;
    *block = 1024;
    return SUCCESS;
}

int cuLaunchKernel(void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,
                   unsigned block_z, unsigned shared, void *stream, void **arguments, void **extra) {
    (void) arguments, (void) extra;
    FILE *out = open_output("launches.txt", "a");
    if (out != NULL) {
        fprintf(out, "%s grid %u %u %u block %u %u %u shared %u%s\n", ((Function *) function)->name, grid_x, grid_y,
                grid_z, block_x, block_y, block_z, shared, stream != NULL && stream == capturing ? " captured" : "");
        fclose(out);
    }
    return SUCCESS;
}

int cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags) {
    (void) graph, (void) flags;
    *executable = &handle;
    return SUCCESS;
}

int cuGraphExecUpdate_v2(void *executable, void *graph, void *information) {
    (void) executable, (void) graph, (void) information;
    return SUCCESS;
}

int cuGraphLaunch(void *executable, void *stream) {
    (void) executable, (void) stream;
    FILE *out = open_output("launches.txt", "a");
    if (out != NULL) {
        fputs("graph\n", out);
        fclose(out);
    }
    return SUCCESS;
}

int cuGraphExecDestroy(void *executable) {
    (void) executable;
    return SUCCESS;
}

int cuGraphDestroy(void *graph) {
    (void) graph;
    return SUCCESS;
}

#endif
