#include "engine/mesh/import.h"

#include "engine/base/foreign_words.h"

#include <assimp/Importer.hpp>
#include <assimp/IOStream.hpp>
#include <assimp/IOSystem.hpp>
#include <assimp/config.h>
#include <assimp/postprocess.h>
#include <assimp/scene.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>

namespace mesh {

namespace {

constexpr int kExitMemory = 77;  // the child's way of saying that memory ran out

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

// --- the files that a reader may see ---

class BytesStream : public Assimp::IOStream {
  public:
    explicit BytesStream(std::span<const uint8_t> bytes) : bytes_(bytes) {}
    explicit BytesStream(std::vector<uint8_t> own) : own_(std::move(own)), bytes_(own_) {}

    size_t Read(void* buffer, size_t size, size_t count) override {
        if (size == 0) return 0;
        size_t whole = std::min(count, (bytes_.size() - at_) / size);
        if (whole > 0) std::memcpy(buffer, bytes_.data() + at_, whole * size);
        at_ += whole * size;
        return whole;
    }
    size_t Write(const void*, size_t, size_t) override { return 0; }
    aiReturn Seek(size_t offset, aiOrigin origin) override {
        size_t from = origin == aiOrigin_SET ? 0 : origin == aiOrigin_CUR ? at_ : bytes_.size();
        size_t to = origin == aiOrigin_END ? from - offset : from + offset;
        if (to > bytes_.size()) return aiReturn_FAILURE;
        at_ = to;
        return aiReturn_SUCCESS;
    }
    size_t Tell() const override { return at_; }
    size_t FileSize() const override { return bytes_.size(); }
    void Flush() override {}

  private:
    std::vector<uint8_t> own_;
    std::span<const uint8_t> bytes_;
    size_t at_ = 0;
};

/// The scan itself, and for a .gltf the .bin files that lie in its folder; nothing else exists.
class ScanFiles : public Assimp::IOSystem {
  public:
    ScanFiles(std::span<const uint8_t> scan, std::string name, base::fs::path folder, uint64_t limit)
        : scan_(scan), name_(std::move(name)), folder_(std::move(folder)), limit_(limit) {}

    bool Exists(const char* file) const override { return file == name_ || !companion(file).empty(); }
    char getOsSeparator() const override { return '/'; }
    Assimp::IOStream* Open(const char* file, const char*) override {
        if (file == name_) return new BytesStream(scan_);
        base::fs::path path = companion(file);
        if (path.empty()) return nullptr;
        base::Result<std::vector<uint8_t>> bytes = base::read_file(path, limit_);
        return bytes ? new BytesStream(std::move(*bytes)) : nullptr;
    }
    void Close(Assimp::IOStream* stream) override { delete stream; }

  private:
    base::fs::path companion(const base::fs::path& file) const {
        std::error_code code;
        if (folder_.empty() || !name_.ends_with(".gltf") || file.extension() != ".bin") return {};
        base::fs::path path = folder_ / file.filename();
        return base::fs::is_regular_file(base::fs::symlink_status(path, code)) ? path : base::fs::path();
    }

    std::span<const uint8_t> scan_;
    std::string name_;
    base::fs::path folder_;
    uint64_t limit_;
};

// --- in the child ---

struct Refusal {
    std::string why;
};

/// Appends the meshes that `node` and its children place.
void collect(const aiScene& scene, const aiNode& node, aiMatrix4x4 world, const ScanLimits& limits,
             SurfaceMesh& out) {
    world = world * node.mTransformation;
    for (unsigned i = 0; i < node.mNumMeshes; ++i) {
        const aiMesh& mesh = *scene.mMeshes[node.mMeshes[i]];
        if (out.positions.size() + mesh.mNumVertices > limits.vertices ||
            out.triangles.size() + mesh.mNumFaces > limits.triangles)
            throw Refusal{
                fmt::format("has more than the {} triangles or {} vertices that a scan may have; thin it out "
                            "first",
                            limits.triangles, limits.vertices)};
        uint32_t first = static_cast<uint32_t>(out.positions.size());
        for (unsigned v = 0; v < mesh.mNumVertices; ++v) {
            aiVector3D p = world * mesh.mVertices[v];
            out.positions.emplace_back(p.x, p.y, p.z);
        }
        for (unsigned f = 0; f < mesh.mNumFaces; ++f) {
            const aiFace& face = mesh.mFaces[f];
            if (face.mNumIndices != 3) continue;
            glm::uvec3 t(face.mIndices[0], face.mIndices[1], face.mIndices[2]);
            if (std::max({t.x, t.y, t.z}) < mesh.mNumVertices) out.triangles.push_back(t + glm::uvec3(first));
        }
    }
    for (unsigned i = 0; i < node.mNumChildren; ++i) collect(scene, *node.mChildren[i], world, limits, out);
}

SurfaceMesh parse(Assimp::IOSystem* files, const std::string& name, const ScanLimits& limits) {
    Assimp::Importer importer;
    importer.SetIOHandler(files);  // and owns it
    importer.SetPropertyInteger(AI_CONFIG_PP_RVC_FLAGS,
                                aiComponent_NORMALS | aiComponent_TANGENTS_AND_BITANGENTS |
                                    aiComponent_COLORS | aiComponent_TEXCOORDS | aiComponent_BONEWEIGHTS |
                                    aiComponent_ANIMATIONS | aiComponent_TEXTURES | aiComponent_LIGHTS |
                                    aiComponent_CAMERAS);
    importer.SetPropertyInteger(AI_CONFIG_PP_SBP_REMOVE, aiPrimitiveType_POINT | aiPrimitiveType_LINE);
    const aiScene* scene =
        importer.ReadFile(name, aiProcess_RemoveComponent | aiProcess_Triangulate | aiProcess_SortByPType);
    if (!scene || !scene->mRootNode) {
        std::string why = importer.GetErrorString();
        if (why.find("bad_alloc") != std::string::npos) throw std::bad_alloc();
        throw Refusal{fmt::format("cannot be read as {} ({})", base::fs::path(name).extension().string(),
                                  why.empty() ? "no reason told" : why)};
    }
    SurfaceMesh mesh;
    collect(*scene, *scene->mRootNode, aiMatrix4x4(), limits, mesh);
    if (mesh.triangles.empty()) throw Refusal{"holds no triangle; export the scan as a mesh"};
    return mesh;
}

/// Our own words round what a foreign library said: one line, printable, short.
std::string plain(std::string text) {
    for (char& c : text)
        if (c < 32 || c > 126) c = ' ';
    while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
    if (text.size() > 240) text = text.substr(0, 240) + " …";
    return text;
}

void put(int pipe, const void* data, size_t size) {
    const char* from = static_cast<const char*>(data);
    while (size > 0) {
        ssize_t written = write(pipe, from, std::min<size_t>(size, 1u << 20));
        if (written <= 0) _exit(1);
        from += written;
        size -= static_cast<size_t>(written);
    }
}

void bound(int resource, uint64_t value) {
    rlimit limit{value, value};
    setrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
}

/// What travels through the pipe: two counts, then places and triangles; or no place and a text's length.
struct Header {
    uint64_t vertices, count;
};

[[noreturn]] void read_and_tell(int pipe, Assimp::IOSystem* files, const std::string& name,
                                const ScanLimits& limits) {
    // A crash here is an answer, not an event: no handler of the program's own, no word on its terminal.
    for (int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGXCPU, SIGTERM})
        std::signal(signal, SIG_DFL);
    if (int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    bound(RLIMIT_CORE, 0);
    bound(RLIMIT_FSIZE, 0);
    bound(RLIMIT_CPU, limits.cpu_seconds);
    // A sanitizer reserves terabytes of address space for itself.
    if (!kSanitized) bound(RLIMIT_AS, limits.memory_bytes);
    std::string why;
    try {
        SurfaceMesh mesh = parse(files, name, limits);
        Header header{mesh.positions.size(), mesh.triangles.size()};
        put(pipe, &header, sizeof(header));
        put(pipe, mesh.positions.data(), mesh.positions.size() * sizeof(mesh.positions[0]));
        put(pipe, mesh.triangles.data(), mesh.triangles.size() * sizeof(mesh.triangles[0]));
        _exit(0);
    } catch (const Refusal& refusal) {
        why = plain(refusal.why);
    } catch (const std::bad_alloc&) {
        _exit(kExitMemory);
    } catch (const std::exception& problem) {
        why = plain(fmt::format("cannot be read ({})", problem.what()));
    } catch (...) {
        why = "cannot be read";
    }
    Header header{0, why.size()};
    put(pipe, &header, sizeof(header));
    put(pipe, why.data(), why.size());
    _exit(0);
}

// --- in the parent ---

/// Everything that comes through the pipe until it closes, or until `most` bytes or `seconds` have passed.
std::vector<uint8_t> drain(int pipe, uint64_t most, double seconds) {
    using Clock = std::chrono::steady_clock;
    auto end = Clock::now() + std::chrono::duration<double>(seconds);
    std::vector<uint8_t> bytes;
    for (;;) {
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd ready{pipe, POLLIN, 0};
        if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) <= 0) return bytes;
        size_t before = bytes.size();
        bytes.resize(before + (1u << 20));
        ssize_t got = read(pipe, bytes.data() + before, 1u << 20);
        bytes.resize(before + static_cast<size_t>(std::max<ssize_t>(got, 0)));
        if (got <= 0 || bytes.size() > most) return bytes;
    }
}

base::Error how_it_ended(int status, const std::string& name, const ScanLimits& limits) {
    bool memory = WIFEXITED(status) && WEXITSTATUS(status) == kExitMemory;
    if (memory)
        return base::error(
            "{}: reading it needs more than the {} MiB of memory that a scan may take; thin it out first",
            name, limits.memory_bytes >> 20);
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return base::error(
            "{}: reading it takes longer than the {} s that a scan may take; thin it out or save it anew",
            name, limits.cpu_seconds);
    return base::error(
        "{}: is damaged: the library that reads such files (Assimp) stopped on it; save it anew", name);
}

/// The two halves of "BEGINS one BETWEEN other ENDS"; nothing where it is not of that form.
std::optional<std::pair<std::string, std::string>> halves(std::string_view text, std::string_view begins, std::string_view between,
                                                          std::string_view ends) {
    if (!text.starts_with(begins) || !text.ends_with(ends) || text.size() < begins.size() + ends.size()) return std::nullopt;
    text = text.substr(begins.size(), text.size() - begins.size() - ends.size());
    const size_t cut = text.find(between);
    if (cut == std::string_view::npos) return std::nullopt;
    return std::pair(std::string(text.substr(0, cut)), std::string(text.substr(cut + between.size())));
}

/// The child's sentence, which came through the pipe as English, in a form that can be told in other languages.
base::Error retold(const std::string& text) {
    const auto assimp = [](std::string_view theirs) {
        return base::foreign_words(base::error("the library that reads such files, Assimp, gives up"), theirs);
    };
    if (auto unreadable = halves(text, "cannot be read as ", " (", ")"))
        return base::error("cannot be read as {} ({})", unreadable->first, assimp(unreadable->second));
    if (auto failed = halves(text, "cannot be read", " (", ")")) return base::error("cannot be read ({})", assimp(failed->second));
    if (auto large = halves(text, "has more than the ", " triangles or ", " vertices that a scan may have; thin it out first"))
        return base::error("has more than the {} triangles or {} vertices that a scan may have; thin it out first", large->first, large->second);
    return base::Error{text};
}

base::Result<SurfaceMesh> unpack(std::span<const uint8_t> bytes, int status, const std::string& name,
                                 const ScanLimits& limits) {
    Header header{};
    if (bytes.size() < sizeof(header)) return how_it_ended(status, name, limits);
    std::memcpy(&header, bytes.data(), sizeof(header));
    bytes = bytes.subspan(sizeof(header));
    if (header.vertices == 0) return base::error("{}: {}", name, retold({bytes.begin(), bytes.end()}));
    SurfaceMesh mesh;
    size_t places = header.vertices * sizeof(mesh.positions[0]),
           triangles = header.count * sizeof(mesh.triangles[0]);
    if (bytes.size() != places + triangles) return how_it_ended(status, name, limits);
    mesh.positions.resize(header.vertices);
    mesh.triangles.resize(header.count);
    std::memcpy(mesh.positions.data(), bytes.data(), places);
    std::memcpy(mesh.triangles.data(), bytes.data() + places, triangles);
    return mesh;
}

bool can_read(const std::string& extension) {
    static const std::string known = [] {
        std::string list;  // "*.obj;*.ply;…"
        Assimp::Importer().GetExtensionList(list);
        return ";" + list + ";";
    }();
    return extension.size() > 1 && known.find(";*" + extension + ";") != std::string::npos;
}

base::Result<SurfaceMesh> read_in_child(std::span<const uint8_t> bytes, const std::string& extension,
                                        const base::fs::path& folder, const std::string& name,
                                        const ScanLimits& limits) {
    if (bytes.empty()) return base::error("{}: is empty", name);
    if (!can_read(extension))
        return base::error(
            "{}: \"{}\" is no kind of mesh that can be read; give .glb, .gltf, .obj, .ply, .stl or .fbx",
            name, extension);
    int ends[2];
    if (pipe(ends) != 0) return base::error("{}: cannot be read: {}", name, base::system_error(errno));
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        std::string inner = "scan" + extension;
        read_and_tell(ends[1], new ScanFiles(bytes, inner, folder, limits.file_bytes), inner, limits);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return base::error("{}: cannot be read: {}", name, base::system_error(errno));
    }
    uint64_t most =
        sizeof(Header) + 4096 + limits.vertices * sizeof(glm::dvec3) + limits.triangles * sizeof(glm::uvec3);
    std::vector<uint8_t> told = drain(ends[0], most, 1.5 * limits.cpu_seconds);
    close(ends[0]);
    int status = 0;
    // A child that has told everything is leaving; any other is stuck.
    for (int tries = 0; waitpid(child, &status, WNOHANG) == 0; ++tries) {
        if (tries == 5000) kill(child, SIGKILL);
        usleep(200);
    }
    return unpack(told, status, name, limits);
}

std::string small_letters(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

}  // namespace

base::Result<SurfaceMesh> read_scan(std::span<const uint8_t> bytes, const std::string& extension,
                                    const std::string& name, const ScanLimits& limits) {
    return read_in_child(bytes, small_letters(extension), {}, name, limits);
}

base::Result<SurfaceMesh> read_scan(const base::fs::path& path, const ScanLimits& limits) {
    std::error_code code;
    if (uint64_t size = base::fs::file_size(path, code); !code && size > limits.file_bytes)
        return base::error("{}: has {} MiB, more than the {} MiB that a scan may have; thin it out first",
                           path.string(), size >> 20, limits.file_bytes >> 20);
    base::Result<std::vector<uint8_t>> bytes = base::read_file(path, limits.file_bytes);
    if (!bytes) return bytes.error();
    base::fs::path folder = path.parent_path().empty() ? base::fs::path(".") : path.parent_path();
    return read_in_child(*bytes, small_letters(path.extension().string()), folder, path.string(), limits);
}

}  // namespace mesh
