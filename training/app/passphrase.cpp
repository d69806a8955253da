#include "training/app/passphrase.h"

#include "engine/base/foreign_words.h"

#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace app {

namespace {

volatile std::sig_atomic_t caught_signal = 0;

void catch_signal(int number) {
    caught_signal = number;
}

/// The terminal echoes nothing while this lives, and again after, also when somebody interrupts.
class NoEcho {
  public:
    NoEcho() {
        caught_signal = 0;
        struct sigaction quiet {};
        quiet.sa_handler = catch_signal;  // without SA_RESTART: reading ends
        for (size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &quiet, &before_[i]);
        ::tcgetattr(STDIN_FILENO, &terminal_);
        termios silent = terminal_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho() {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_);
        for (size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
        if (caught_signal) ::raise(caught_signal);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

  private:
    static constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    std::array<struct sigaction, 4> before_{};
    termios terminal_{};
};

std::string typed(const std::string& prompt) {
    fmt::print(stderr, "{}: ", prompt);
    std::string text;
    text.reserve(kMostPassphrase);  // so that no copy stays behind
    {
        const NoEcho silent;
        for (char letter; text.size() < kMostPassphrase && ::read(STDIN_FILENO, &letter, 1) == 1 && letter != '\n';)
            text += letter;
    }
    fmt::print(stderr, "\n");
    return text;
}

base::Result<Passphrase> from_file(const std::string& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return base::error("{}: {}; check the name", file, base::system_error(errno));
    if (S_ISREG(status.st_mode) && (status.st_mode & 077))
        return base::error("{}: others may read the passphrase (mode {:04o}); run chmod 600 on it", file,
                           status.st_mode & 07777u);
    base::Result<std::string> text = base::read_text(file, kMostPassphrase + 1);
    if (!text) return text.error();
    Passphrase passphrase(text->substr(0, text->find_first_of("\r\n")));
    ::explicit_bzero(text->data(), text->size());
    if (passphrase.text().empty())
        return base::error("{}: its first line is empty; write the passphrase there", file);
    return passphrase;
}

}  // namespace

Passphrase::Passphrase(std::string&& text) {
    text_.reserve(std::max(kMostPassphrase, text.size()));
    text_ = text;
    ::explicit_bzero(text.data(), text.size());
}

Passphrase::~Passphrase() {
    ::explicit_bzero(text_.data(), text_.size());
}

base::Result<Passphrase> read_passphrase(const std::string& file, const std::string& prompt, bool twice) {
    if (!file.empty()) return from_file(file);
    if (!::isatty(STDIN_FILENO))
        return base::error("there is no terminal to type a passphrase on; give --passphrase-file FILE");
    Passphrase passphrase(typed(prompt));
    if (passphrase.text().empty()) return base::error("no passphrase was typed; try again");
    if (twice && Passphrase(typed("once more")).text() != passphrase.text())
        return base::error("the two passphrases differ; try again");
    return passphrase;
}

}  // namespace app
