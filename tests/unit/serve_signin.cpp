// Who gets in, how long, and what keeps others out.

#include "tests/scenarios/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

namespace {

using namespace desk_test;
using serve::Role;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    CHECK(!what.empty());
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) text.replace(at, what.size(), by);
    return text;
}

class SignIn : public testing::Test {
  protected:
    SignIn() { record_test::expect_done(record_test::set_up(kind_.text).add(desk_result(1, "A-1"))); }

    record_test::Sqlite kind_;
    RunningDesk desk_{(record_test::set_up(kind_.text), kind_.text)};
};

TEST_F(SignIn, TheCookieIsForThisSiteAndNoScript) {
    Visitor visitor(desk_);
    const Visitor::Page page = visitor.sign_in("ines");
    EXPECT_EQ(page.status, 303);
    EXPECT_EQ(page.header("Location"), "/");
    EXPECT_THAT(page.header("Set-Cookie"), AllOf(HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict"), HasSubstr("Path=/"), Not(HasSubstr("Secure"))));
    EXPECT_EQ(visitor.cookies.at("evenhand").size(), 43u) << "256 bits";
    Visitor again(desk_, "ines", "en");
    EXPECT_NE(again.cookies.at("evenhand"), visitor.cookies.at("evenhand"));
}

TEST_F(SignIn, SigningInAgainEndsTheSessionBefore) {
    Visitor visitor(desk_, "ines", "en"), kept(desk_);
    kept.cookies = visitor.cookies;
    EXPECT_EQ(kept.get("/").status, 200);
    EXPECT_EQ(visitor.sign_in("emil").status, 303);
    EXPECT_EQ(kept.get("/").status, 303);
    EXPECT_THAT(visitor.get("/").body, HasSubstr("emil, examiner"));
}

TEST_F(SignIn, WrongNameAndWrongPassphraseAreToldAlike) {
    Visitor visitor(desk_);
    const Visitor::Page name = visitor.sign_in("nobody"), passphrase = visitor.sign_in("ines", "wrong horse battery");
    EXPECT_EQ(name.status, 403);
    EXPECT_EQ(passphrase.status, 403);
    const auto without_token = [](const std::string& body) { return replaced(body, Visitor::token_in(body), ""); };
    EXPECT_EQ(without_token(name.body), without_token(passphrase.body));
    EXPECT_EQ(visitor.sign_in("ines", "").status, 403);
    EXPECT_EQ(visitor.sign_in("", "").status, 403);
    EXPECT_EQ(visitor.sign_in("ines", std::string(kPassphrase) + " ").status, 403);
    EXPECT_EQ(visitor.sign_in("INES").status, 403);
    EXPECT_EQ(visitor.get("/").status, 303);
}

TEST_F(SignIn, AnUnknownNameCostsAsMuchAsAWrongPassphrase) {
    // The work is libsodium's over the same memory and passes: the hash made for nobody has the parameters of an account's.
    const auto account = serve::new_account("one", Role::auditor, kPassphrase);
    ASSERT_TRUE(account);
    EXPECT_THAT(account->password, testing::StartsWith("$argon2id$v=19$m=65536,t=2,p=1$"));
    EXPECT_TRUE(serve::verify_passphrase(&*account, kPassphrase));
    EXPECT_FALSE(serve::verify_passphrase(&*account, "nobody has this passphrase"));
    EXPECT_FALSE(serve::verify_passphrase(nullptr, "nobody has this passphrase")) << "no passphrase opens an account that is not there";
}

TEST_F(SignIn, TenFailuresOfANameAndItIsClosedForAWhile) {
    Visitor visitor(desk_);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(visitor.sign_in("ines", "wrong horse battery").status, 403) << i;
    const Visitor::Page closed = visitor.sign_in("ines");
    EXPECT_EQ(closed.status, 429) << "the right one too";
    EXPECT_EQ(closed.header("Retry-After"), "900");
    EXPECT_EQ(visitor.sign_in("emil").status, 303) << "others are let in";
    desk_.time.now->fetch_add(15 * 60);
    EXPECT_EQ(visitor.sign_in("ines").status, 303);
}

TEST_F(SignIn, FailuresBeforeTheRightOneAreForgotten) {
    Visitor visitor(desk_);
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 9; ++i) EXPECT_EQ(visitor.sign_in("ines", "wrong horse battery").status, 403);
        EXPECT_EQ(visitor.sign_in("ines").status, 303) << round;
        desk_.time.now->fetch_add(15 * 60);
    }
}

TEST(AccountsFile, ManyWhoChangeItAtOnceLoseNothingOfEachOther) {
    record_test::QuickFolder folder;
    const serve::Account ines = *serve::new_account("ines", Role::instructor, kPassphrase);
    std::vector<std::thread> people;
    for (int i = 0; i < 16; ++i)
        people.emplace_back([&, i] {
            serve::Account mine = ines;
            mine.name = fmt::format("ines-{}", i);
            EXPECT_TRUE(serve::change_accounts(folder / "accounts.json", [&](std::vector<serve::Account>& accounts) -> base::Status {
                accounts.push_back(mine);
                return {};
            }));
        });
    for (std::thread& person : people) person.join();
    EXPECT_EQ(serve::load_accounts(folder / "accounts.json")->size(), 16u);
    const auto refuse = [](std::vector<serve::Account>& accounts) {
        accounts.clear();
        return base::Status(base::error("no"));
    };
    EXPECT_FALSE(serve::change_accounts(folder / "accounts.json", refuse));
    EXPECT_EQ(serve::load_accounts(folder / "accounts.json")->size(), 16u) << "what is refused changes nothing";
}

TEST(SignInLimits, AnAddressThatTriesManyNamesIsClosed) {
    record_test::QuickFolder folder;
    ASSERT_TRUE(serve::save_accounts(folder / "accounts.json", {*serve::new_account("ines", Role::instructor, kPassphrase)}));
    StandingClock time;
    serve::SignIns sign_ins(folder / "accounts.json", {.failures_of_name = 3, .failures_of_address = 5}, time.clock());
    const auto fate = [&](const std::string& name, const std::string& passphrase, const std::string& address) {
        return sign_ins.sign_in(name, passphrase, address)->fate;
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(fate(fmt::format("name {}", i), "x", "192.0.2.1"), serve::SignInFate::wrong);
    EXPECT_EQ(fate("ines", kPassphrase, "192.0.2.1"), serve::SignInFate::throttled);
    EXPECT_EQ(fate("ines", kPassphrase, "192.0.2.2"), serve::SignInFate::done);
    time.now->fetch_add(15 * 60 - 1);
    EXPECT_EQ(fate("ines", kPassphrase, "192.0.2.1"), serve::SignInFate::throttled);
    time.now->fetch_add(1);
    EXPECT_EQ(fate("ines", kPassphrase, "192.0.2.1"), serve::SignInFate::done);
}

TEST(SignInLimits, SessionsAndCountsStayFew) {
    record_test::QuickFolder folder;
    ASSERT_TRUE(serve::save_accounts(folder / "accounts.json", {*serve::new_account("ines", Role::instructor, kPassphrase)}));
    StandingClock time;
    serve::SignIns sign_ins(folder / "accounts.json", {.most_sessions = 2}, time.clock());
    std::vector<std::string> tokens;
    for (int i = 0; i < 3; ++i, time.now->fetch_add(1)) tokens.push_back(sign_ins.sign_in("ines", kPassphrase, "192.0.2.1")->token);
    EXPECT_FALSE(sign_ins.who(tokens[0])) << "the one that was seen longest ago went";
    EXPECT_TRUE(sign_ins.who(tokens[1]));
    EXPECT_TRUE(sign_ins.who(tokens[2]));
}

TEST_F(SignIn, ASessionEndsWhenItIsIdleAndWhenItIsOld) {
    Visitor visitor(desk_, "ines", "en");
    desk_.time.now->fetch_add(30 * 60 - 1);
    EXPECT_EQ(visitor.get("/").status, 200);
    desk_.time.now->fetch_add(30 * 60);
    EXPECT_EQ(visitor.get("/").status, 303);
    EXPECT_EQ(visitor.sign_in("ines").status, 303);
    int64_t awake = 0;
    for (; visitor.get("/").status == 200; awake += 1000) desk_.time.now->fetch_add(1000);
    EXPECT_EQ(awake, 10 * 3600);
}

TEST_F(SignIn, AFormWithoutItsTokenOrFromElsewhereIsRefused) {
    Visitor visitor(desk_);
    const std::string token = Visitor::token_in(visitor.get("/sign-in").body);
    const httplib::Params good = {{"token", token}, {"name", "ines"}, {"passphrase", kPassphrase}};
    EXPECT_EQ(visitor.post("/sign-in", {{"name", "ines"}, {"passphrase", kPassphrase}}).status, 403);
    EXPECT_EQ(visitor.post("/sign-in", {{"token", std::string(43, 'A')}, {"name", "ines"}, {"passphrase", kPassphrase}}).status, 403);
    for (const auto& [name, value] : {std::pair("Origin", "https://evil.example"), std::pair("Origin", "null"), std::pair("Sec-Fetch-Site", "cross-site")}) {
        visitor.more = {{name, value}};
        EXPECT_EQ(visitor.post("/sign-in", good).status, 403) << name << ": " << value;
    }
    visitor.more = {};
    Visitor bare(desk_);
    EXPECT_EQ(bare.post("/sign-in", good).status, 403) << "the token of somebody else's form";
    visitor.more = {{"Origin", fmt::format("http://127.0.0.1:{}", desk_.port())}, {"Sec-Fetch-Site", "same-origin"}};
    EXPECT_EQ(visitor.post("/sign-in", good).status, 303);
    EXPECT_EQ(visitor.post("/sign-out", {{"token", token}}).status, 403);
    EXPECT_EQ(visitor.post("/sign-out", {}).status, 403);
    EXPECT_EQ(visitor.get("/").status, 200) << "still signed in";
}

TEST_F(SignIn, AnAccountThatIsTakenAwayOrChangedIsSignedOutAtOnce) {
    Visitor ines(desk_, "ines", "en"), emil(desk_, "emil", "en");
    auto accounts = *serve::load_accounts(desk_.accounts_file());
    accounts.erase(accounts.begin());
    accounts[0].role = Role::auditor;
    ASSERT_TRUE(serve::save_accounts(desk_.accounts_file(), accounts));
    EXPECT_EQ(ines.get("/").status, 303);
    EXPECT_EQ(ines.sign_in("ines").status, 403);
    EXPECT_EQ(emil.get("/").status, 303);
    EXPECT_EQ(emil.sign_in("emil").status, 303);
    EXPECT_EQ(emil.get("/audit").status, 200);
}

TEST_F(SignIn, AForgedCookieOpensNothing) {
    Visitor visitor(desk_);
    for (const std::string& token : {std::string(43, 'A'), std::string("' OR '1'='1"), std::string(3000, 'x'), std::string("ines")}) {
        visitor.cookies["evenhand"] = token;
        EXPECT_EQ(visitor.get("/").status, 303) << token.substr(0, 50);
    }
}

// --- the file of accounts ---

class Accounts : public testing::Test {
  protected:
    std::string refusal(const std::string& text, mode_t mode = 0600) {
        std::ofstream(file_) << text;
        ::chmod(file_.c_str(), mode);
        const auto read = serve::load_accounts(file_);
        return read ? "" : read.error().message;
    }
    record_test::QuickFolder folder_;
    const std::string file_ = folder_ / "desk/accounts.json";
};

TEST_F(Accounts, ComeBackAndAreTheirOwnersAlone) {
    EXPECT_TRUE(serve::load_accounts(file_)->empty()) << "no file: nobody";
    const std::vector<serve::Account> accounts = {*serve::new_account("ines", Role::instructor, kPassphrase), *serve::new_account("a@b.c-d_e", Role::auditor, kPassphrase)};
    ASSERT_TRUE(serve::save_accounts(file_, accounts));
    EXPECT_EQ(*serve::load_accounts(file_), accounts);
    struct stat status {};
    ASSERT_EQ(::stat(file_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0600u);
    EXPECT_EQ(scenario::read(file_).find(kPassphrase), std::string::npos);
    EXPECT_EQ(std::distance(base::fs::directory_iterator(base::fs::path(file_).parent_path()), {}), 1) << "nothing half-written stays";
}

TEST_F(Accounts, AFileThatIsNotOneIsRefusedInOneSentence) {
    ASSERT_TRUE(serve::save_accounts(file_, {*serve::new_account("ines", Role::instructor, kPassphrase)}));
    const std::string good = scenario::read(file_);
    EXPECT_EQ(refusal(good), "");
    EXPECT_THAT(refusal(good, 0640), HasSubstr("chmod 600"));
    for (const std::string& bad : {std::string("{"), std::string("[]"), std::string("7"), std::string("{\"version\":2,\"accounts\":[]}"), std::string("{\"version\":1,\"accounts\":{}}"),
                                   std::string("{\"version\":1,\"accounts\":[7]}"), std::string("{\"version\":1,\"accounts\":[{\"name\":7}]}"),
                                   std::string("{\"version\":\"1\",\"accounts\":[]}"), replaced(good, "instructor", "owner"),
                                   replaced(good, "argon2id", "argon2i"), replaced(good, "ines", "in es"),
                                   good.substr(0, good.size() / 2)}) {
        const std::string told = refusal(bad);
        EXPECT_THAT(told, HasSubstr("accounts.json")) << bad;
        EXPECT_EQ(told.find('\n'), std::string::npos) << bad;
    }
}

TEST_F(Accounts, NamesAndPassphrasesHaveBounds) {
    for (const std::string& name : {std::string(), std::string("a b"), std::string(65, 'a'), std::string("ä"), std::string("a\"b")})
        EXPECT_FALSE(serve::new_account(name, Role::auditor, kPassphrase)) << name;
    EXPECT_FALSE(serve::new_account("ada", Role::auditor, "eleven char"));
    EXPECT_FALSE(serve::new_account("ada", Role::auditor, std::string(201, 'x')));
    EXPECT_TRUE(serve::new_account("ada", Role::auditor, std::string(200, 'x')));
}

}  // namespace
