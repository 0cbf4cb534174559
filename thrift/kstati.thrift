/**
 * Kstati: the only contract between the service and the world.
 *
 * Framed compact protocol for services, TJSONProtocol over HTTP (POST /rpc) for browsers; the same
 * handlers behind both. Rules of this file: identifiers and money are strings, dates are ISO strings
 * ("2026-03-15", "2026-03-15T09:30:00Z"), citizens are twelve decimal digits, texts come in the
 * language of the call context. New fields are optional and get new numbers; numbers are never reused.
 */
namespace cpp kstati.rpc
namespace py kstati_rpc

/** Why a call failed. The names are stable and appear as metric labels. */
enum ErrorCode {
  INVALID_ARGUMENT = 1,
  NOT_FOUND = 2,
  CONFLICT = 3,
  CONSENT_REQUIRED = 4,
  DENIED = 5,
  UNAUTHENTICATED = 6,
  LIMIT_EXCEEDED = 7,
  UNAVAILABLE = 8,
  CORRUPT = 9,
  UNSUPPORTED = 10,
  INTERNAL = 11
}

/** A refused call: nothing was changed. */
exception Failure {
  1: ErrorCode code
  /** What happened. Never contains a fact's value. */
  2: string message
  /** What was being handled, for example "event egr_zags/42, facts[3].attribute". */
  3: string place
  /** What the caller can do. */
  4: string remedy
}

enum Language { RU = 1, EN = 2 }

/** The two instants of a read; each absent one means now. */
struct AsOf {
  /** The day whose truth is asked for: today when absent. */
  1: optional string valid_at
  /** The moment whose knowledge is asked for: now when absent. */
  2: optional string known_at
}

/** How the values of facts come back, also those inside sentences. */
enum Values { SHOWN = 1, MASKED = 2 }

/** Travels with every call. */
struct CallContext {
  /** Token of the caller; required when the server has tokens configured. */
  1: optional string token
  2: optional Language language = Language.RU
  /** Appears in the server's log lines of this call. */
  3: optional string request_id
  /** Looks back, or ahead, in suggest, explain, nextQuestion, passport, certificate, chain, chainOptions, chainFront, situations, cases,
      profile and household
      (cases: only known_at); every other call about a citizen refuses it. */
  4: optional AsOf as_of
  /** SHOWN when absent: portals show people their own facts. */
  5: optional Values values
  /** Why somebody looks at a person's facts. When given, the access record keeps it with the caller, the moment
      and the citizen before the call is answered. */
  6: optional string reason
  /** Who the caller says is looking; kept beside the caller's own name. */
  7: optional string actor
  /** Who speaks for the citizen in previewRevocation, revokeConsent and confirmApplication: a parent, guardian or proxy.
      The citizen when absent; every other call refuses it. */
  8: optional string representative
  /** How long suggest, explain, nextQuestion, preCheck, order and apply wait for the sources that they ask for missing facts, in
      milliseconds, at most 60000; what comes later counts for the next call. As configured when absent; suggest does
      not wait then. */
  9: optional i32 wait_for_sources_ms
  /** For what the person's data are used, by the id of a legal basis or the purpose of a consent: whoever is not the
      person names one that the token allows. The person is told. */
  10: optional string purpose
  /** Through which the person can apply, such as epgu or mfc, in chain, chainOptions, chainFront and repairChain. All
      when absent; every other call refuses it. */
  11: optional list<string> channels
}

/** Exactly one field is set; none means "does not apply to this person". */
union Value {
  1: bool boolean
  /** Numbers and money, exact decimal notation. */
  2: string number
  3: string text
  4: string date
}

/** A fact as a registry reports it. */
struct ReportedFact {
  1: string citizen
  2: string attribute
  3: Value value
  /** First day on which it is true; the event's day when absent. */
  4: optional string valid_from
  /** Last day on which it is true; without end when absent. */
  5: optional string valid_to
}

/** `from` is `kind` (parent, spouse, guardian, household) of `to`. */
struct ReportedRelation {
  1: string from_citizen
  2: string kind
  3: string to_citizen
  4: optional string valid_from
  5: optional string valid_to
}

/** On what facts rest. */
struct Evidence {
  /** registry_record | electronic_document | electronic_duplicate | self_declaration | remote_inspection |
      state_identification */
  1: string kind
  /** Names the record or document: "act record 130219780004200117008". */
  2: optional string reference
  3: optional string issuer
  /** Who certified that a duplicate is that of the paper; needed with electronic_duplicate. */
  4: optional string certifier
  /** How sure it makes them, least first: self_declared | documentary | registry | state_identification. As much as the
      kind can when absent. */
  5: optional string assurance
}

/** A message of a registry in the shape of a CloudEvent; (source, id) is the deduplication key. */
struct RegistryEvent {
  1: string id
  2: string source
  /** A life event of the catalogue ("event.child_born"), or "registry.facts" when only data changed. */
  3: string type
  4: string subject
  /** The day it happened in the world. */
  5: string occurred_on
  /** Role in the event -> citizens: {"mother": ["000000000017"]}. */
  6: map<string, list<string>> participants
  7: list<ReportedFact> facts
  8: list<ReportedRelation> relations
  /** Id of an earlier event of the same source that this one corrects; with no facts: annuls. */
  9: optional string supersedes
  /** Absent: the source's own record, or what the person said. */
  10: optional Evidence evidence
}

enum EventOutcome {
  /** Recorded with everything it caused. */
  ACCEPTED = 1,
  /** The same event was recorded before; nothing changed. */
  REPEATED = 2,
  /** Nothing was recorded; see `failure`. */
  REFUSED = 3
}

struct EventReceipt {
  1: string id
  2: string source
  3: EventOutcome outcome
  4: optional Failure failure
  /** Life events found. */
  5: list<string> life_events
  /** Cases started, prepared or announced. */
  6: list<string> cases
  /** When it was recorded. */
  7: optional string recorded_at
}

enum Verdict { ELIGIBLE = 1, NOT_ELIGIBLE = 2, UNDETERMINED = 3, LIKELY = 4 }

enum Mode { ON_REQUEST = 1, PROACTIVE_INFORM = 2, PROACTIVE_PREPARE = 3, PROACTIVE_ACT = 4 }

/** An article of law and how well it is confirmed: confirmed, computed, from_knowledge. */
struct LegalSource {
  1: string act
  2: string act_title
  3: string article
  4: string verification
}

/** A fact that a decision used. */
struct UsedFact {
  1: string attribute
  2: string name
  /** In words of the language asked for. */
  3: string value
  4: string citizen
  /** Name of the registry. */
  5: string source
  6: string valid_from
  7: string known_at
  /** As of Evidence; absent when a complete registry has no record. */
  8: optional string assurance
  /** On what it rests, in words. */
  9: optional string evidence_text
}

/** A fact that would decide. */
struct MissingFact {
  1: string attribute
  2: string name
  /** Registry that could supply it; "declared": only the person can. */
  3: string source
  4: bool askable
}

/** NO_ANSWER: nothing follows from it, the facts stay unknown. NOT_ALLOWED: no legal basis covers the data. */
enum SourceState { BEING_ASKED = 1, ANSWERED = 2, NO_RECORD = 3, NO_ANSWER = 4, NOT_ALLOWED = 5 }

struct Named {
  1: string id
  2: string name
}

/** A source that is asked for facts that are missing. */
struct AskedSource {
  /** As the list of sources names it. */
  1: string source
  /** Name of its registry. */
  2: string registry
  3: SourceState state
  /** Whom it is asked about. */
  4: string citizen
  5: list<Named> facts
  /** All of it in one sentence. */
  6: string text
}

struct SourceSummary {
  1: string source
  2: Named registry
  /** pull | data_mart | push */
  3: string way
  4: list<Named> facts
  5: i32 latency_ms
  6: i32 cache_seconds
  /** Why it is not asked just now; absent: it is. */
  7: optional string rests_because
}

struct Sentence {
  1: string text
  2: optional LegalSource source
}

struct RefusalGround {
  1: string id
  2: string text
}

struct Suggestion {
  1: string service_id
  2: string name
  3: string summary
  4: Verdict verdict
  /** Whom it is about beside the citizen (the child); the citizen when nobody else. */
  5: string about
  6: list<Sentence> reasons
  7: list<UsedFact> facts
  8: list<MissingFact> missing
  /** Conditions that no machine evaluates. */
  9: list<Sentence> conditions
  10: Mode mode
  /** Life situation it belongs to; may be empty. */
  11: string situation
  /** Amount in words, when the law states it. */
  12: string benefit
  13: i32 visits
  /** What produced the order: "model", "popularity", "catalogue". */
  14: string ranked_by
  /** Name to give back in `feedback`. */
  15: string exposure
  16: string authority
  /** What raised it in the list, strongest first; says nothing of relatives. Empty when no model ordered it. */
  17: list<string> because
}

struct SuggestResult {
  1: list<Suggestion> suggestions
  2: string as_of
  3: string catalogue_version
  4: string model_version
  5: optional list<AskedSource> sources
}

enum Truth { HOLDS = 1, FAILS = 2, UNKNOWN = 3 }

struct CriterionOutcome {
  1: string id
  2: string text
  3: Truth outcome
  4: LegalSource source
  5: RefusalGround ground
  6: list<UsedFact> facts
  7: list<MissingFact> missing
  8: string rule
  /** Parameters of law that were used: "pm_per_capita 2026-01-01 (77) = 25342, confirmed". */
  9: list<string> parameters
}

struct Explanation {
  1: string service_id
  2: string name
  3: string about
  4: Verdict verdict
  5: list<CriterionOutcome> criteria
  6: list<RefusalGround> grounds
  7: list<Sentence> conditions
  8: list<MissingFact> missing
  9: string regulation_from
  10: string catalogue_version
  11: string valid_at
  12: string known_at
  /** Sentences a person can read from top to bottom. */
  13: list<Sentence> summary
  /** Whether the decision rests on a value of law that is not confirmed. */
  14: bool rests_on_unconfirmed
  /** Of a "no": the smallest sets of changes the person could make that turn it into a "yes", and when time does. */
  15: list<Sentence> changes
  16: optional list<AskedSource> sources
}

struct PassportEntry {
  /** The same from version to version. */
  1: string key
  2: Sentence sentence
}

struct PassportSection {
  /** category, documents, term, cost, amount, channels, procedures, criteria, conditions, grounds or zeros. */
  1: string key
  2: string title
  3: list<PassportEntry> entries
}

struct PassportChange {
  1: string section
  /** Empty: it was not there. */
  2: string before
  /** Empty: it is gone. */
  3: string after
}

/** Everything that a service's regulation says to one person. */
struct Passport {
  1: string service_id
  2: string name
  3: string valid_at
  4: string regulation_from
  /** Whose regulation; empty: the one of all regions. */
  5: string region
  /** The category of applicants; empty: there are none, or it is not settled. */
  6: string variant
  7: list<PassportSection> sections
  /** What is otherwise than on the day compared with. */
  8: list<PassportChange> changes
}

/** What the person said when asked. */
struct Answer {
  1: string attribute
  /** As registries write it: "true", "12.50", "2026-03-15", a code. Absent: the person does not know. */
  2: optional string value
  /** Whose fact it is, as the question says; absent: the person in the attribute's role. */
  3: optional string citizen
}

struct Question {
  1: string attribute
  2: string name
  /** Whose fact it is; empty when nobody is known in the attribute's role. */
  3: string citizen
  /** "boolean", "number", "money", "text", "date", "code", "document" ... */
  4: string type
  /** The closed list of a code. */
  5: list<string> values
  /** Category of data: questions of one are asked together. */
  6: string category
  /** Open services that depend on the answer. */
  7: list<string> decides
  /** Why it is asked, in words. */
  8: string why
}

struct SettledService {
  1: string service_id
  2: string name
  /** UNDETERMINED: nothing that may be asked decides it. */
  3: Verdict verdict
}

struct NextQuestion {
  /** Absent: nothing is left to ask. */
  1: optional Question question
  /** Questions still to be expected, this one too, when the person knows every answer. */
  2: double expected
  /** What every order of questions expects at least: proven. */
  3: double at_least
  4: i32 at_most
  /** No order expects fewer; otherwise the order is a good one. */
  5: bool exact
  6: list<SettledService> settled
  /** Services that still depend on answers. */
  7: list<string> open
  /** Asked instead of the person. */
  8: optional list<AskedSource> sources
}

struct ChainStep {
  1: string service_id
  2: string name
  3: string start
  /** Absent when the term runs past the last loaded calendar year. */
  4: optional string finish
  5: list<string> after
  /** Documents to bring, in words. */
  6: list<string> bring
  7: Verdict verdict
  8: i32 visits
  9: string authority
  10: Mode mode
  11: string about
  /** It may start as late as this and everything is done when it is. Absent when the calendar cannot tell. */
  12: optional string latest_start
  /** Working days until then. */
  13: i32 slack_days
  /** A day more here is a day more for everything. */
  14: bool critical
  /** Of the steps with the least slack the longest. */
  15: bool bottleneck
  /** Days on which the person comes. */
  16: list<string> visit_days
  /** The step whose result it waits for longest, in words; empty: it starts without waiting. */
  17: string waits_for
  /** What would decide it, while the verdict is undetermined. */
  18: list<MissingFact> missing
  /** The steps it comes after, as places in the list of steps, from 0: those of its own person where several have one. */
  19: list<i32> after_steps
  /** electronic, visit-for-result, accelerated or traditional; empty: there is one way of delivery, and it has no name. */
  20: string scenario
  /** How it is delivered, in words: the scenario, and through which channels the person applies. May be empty. */
  21: string how
  /** False: it starts some day after `start`, past the last loaded calendar year. */
  22: bool start_known = true
}

/** A day on which the person goes to one place, for all of these. */
struct ChainTrip {
  1: string day
  /** In words. */
  2: string place
  3: list<string> services
}

/** Something that stands between a person and a goal: a service refused or without a channel for the person, or a
    document missing. */
struct ChainObstacle {
  /** In words. */
  1: string text
  /** Of the service that refuses; empty: a document is missing. */
  2: string service_id
  /** On which it refuses, in words. */
  3: list<string> grounds
  /** The service does not refuse: the person has none of its channels. */
  4: bool no_channel
}

/** IN_THE_WAY: the obstacles. NO_SERVICE: none could ever give it to this person. BESIDE_OTHERS: a chain leads there
    alone, none beside the goals that are reached. NO_ORDER: in no order does each step stand when its turn comes.
    NOT_FOUND: none was found in the time there was. */
enum WhyUnreached { IN_THE_WAY = 1, NO_SERVICE = 2, BESIDE_OTHERS = 3, NO_ORDER = 4, NOT_FOUND = 5 }

/** Why no chain reaches a goal. */
struct ChainObstacles {
  /** In words. */
  1: string goal
  /** As few as possible. None: see `why`. */
  2: list<ChainObstacle> obstacles
  /** Without any one of them the goal can be reached; else all have to go. */
  3: bool any_is_enough
  4: bool proven
  /** The same as a sentence. */
  5: string text
  6: WhyUnreached why
}

struct Chain {
  1: string situation
  2: string name
  3: list<ChainStep> steps
  4: list<string> reached
  5: list<string> unreachable
  6: optional string finish
  /** One a day at most. */
  7: list<ChainTrip> trips
  /** No order of the trips is done more than this many working days before; 0: none is. Absent without a finish. */
  8: optional i32 days_more_at_most
  /** The last day to start on which whatever has a last day to apply is still in time. Absent: none has, or it is
      late already. */
  9: optional string last_safe_start
  /** What there is to say of the dates, in sentences. */
  10: list<string> notes
  /** By goal that is not reachable. */
  11: list<ChainObstacles> obstacles
  /** No chain asks less: of fees, visits, papers, applications and waiting together. */
  12: bool proven
  /** What is not known when it is not proven, as a sentence; empty otherwise. */
  13: string gap
}

enum ChainOptionKind { RECOMMENDED = 1, FASTEST = 2, FEWEST_VISITS = 3, LOWEST_FEE = 4 }

/** A way to the goals of a situation, beside others. */
struct ChainOption {
  1: ChainOptionKind kind
  /** Of the kind, in words. */
  2: string name
  3: Chain chain
  /** Days on which the person has to go somewhere. */
  4: i32 trips
  /** Roubles, through the cheapest channels. */
  5: string fee
  /** False: the law states a fee in words. */
  6: bool fee_known
  /** To bring. */
  7: i32 documents
  /** Nothing is better in what it is named for. */
  8: bool proven
  /** What it gains over the recommended one, and for what: a sentence; empty for that one. */
  9: string trade
}

/** A way to the goals of a situation where nothing but cost and time counts. */
struct ChainPoint {
  /** Roubles: fees, and a price on the person's time for visits, papers and applications; waiting apart. */
  1: string cost
  /** Working days until all is there. */
  2: i32 days
  /** Absent when the calendar cannot tell. */
  3: optional string finish
  /** Roubles, through the cheapest channels. */
  4: string fee
  /** False: the law states a fee in words. */
  5: bool fee_known
  6: i32 visits
  /** To bring. */
  7: i32 documents
  8: list<string> service_ids
  /** Of the services, in words. */
  9: list<string> services
  /** Of each service its scenario, as in a chain's step. */
  10: list<string> scenarios
}

/** All ways worth a thought where nothing but cost and time counts: each costs more than the one before it and takes
    fewer days. */
struct ChainFront {
  1: string situation
  2: string name
  /** Whose: the citizen's own part of the situation, or that of the one it is about. */
  3: string about
  4: list<ChainPoint> points
  5: list<string> reached
  6: list<string> unreachable
  /** No chain is better than a point in one thing and no worse in the other. */
  7: bool proven
  /** No chain costs less, in roubles. */
  8: string least_cost
  /** What is not known when it is not proven, as a sentence; empty otherwise. */
  9: string gap
}

/** How a chain that a person was told of goes on. */
struct ChainRepair {
  1: Chain chain
  /** What is otherwise than the person was told, in sentences; none: nothing is. */
  2: list<string> changes
}

/** A life situation of a citizen. */
struct SituationOfCitizen {
  1: string situation
  2: string name
  3: string description
  /** How we know. */
  4: string life_event
  5: string occurred_on
  6: string open_until
  7: string about
  8: string source
}

/** One fact in a profile, for its owner. */
struct ProfileFact {
  1: string attribute
  2: string name
  3: string value
  4: string valid_from
  5: optional string valid_to
  6: string known_at
  7: string source
  8: string category
  /** Whole, also where the source's own. */
  9: Evidence evidence
  /** On what it rests and how sure that is, in words. */
  10: string evidence_text
}

/** One record about a citizen as it was made; records are never edited. */
struct RecordedFact {
  1: ProfileFact fact
  /** Id the source gave the event that reported it. */
  2: string event
  /** When a later event of the source declared it wrong. */
  3: optional string superseded_at
  /** The id of that event, where it was noted. */
  4: optional string superseded_by
}

struct ProfileRelation {
  1: string kind
  2: string citizen
  /** True when `citizen` is `kind` of the owner, false when the owner is `kind` of `citizen`. */
  3: bool inbound
  4: string valid_from
  5: optional string valid_to
  6: string known_at
  7: string source
  /** As of facts. */
  8: Evidence evidence
  9: string evidence_text
}

/** A tie to another citizen as it was recorded, as RecordedFact. */
struct RecordedRelation {
  1: ProfileRelation relation
  2: string event
  3: optional string superseded_at
  4: optional string superseded_by
}

/** That a later event of a source declared an earlier one wrong. */
struct Correction {
  1: string source
  /** Which no longer counts. */
  2: string event
  /** By which; absent where it was not noted. */
  3: optional string by
  4: string at
  /** It says nothing about the person in place of what it took back. */
  5: bool annuls
}

/** All that was ever recorded about a citizen, in order of recording. */
struct History {
  1: string citizen
  2: list<RecordedFact> facts
  3: list<RecordedRelation> relations
  4: list<Correction> corrections
}

/** Somebody whom a tie joins to a citizen. */
struct HouseholdMember {
  1: string citizen
  /** What the member is to the citizen: child | parent | spouse | ward | guardian | household */
  2: string role
  /** In words. */
  3: string role_name
  4: ProfileRelation relation
}

/** Whom relations join to a citizen, as of two instants. */
struct Household {
  1: string citizen
  /** By role, then by number. Somebody may be there in several roles. */
  2: list<HouseholdMember> members
  3: string valid_at
  4: string known_at
}

struct Profile {
  1: string citizen
  2: list<ProfileFact> facts
  3: list<ProfileRelation> relations
  4: string valid_at
  5: string known_at
}

/** How far a consent lets the state go; acting includes preparing. */
enum ConsentMode { PREPARE = 1, ACT = 2 }

struct ConsentScope {
  /** proactive-start: the state starts applications by itself; infer-events: it estimates what may have happened, and asks. */
  1: string purpose
  /** Empty: every service. */
  2: string service_id
  /** Empty: every situation. */
  3: string situation
  /** Data categories that may be used; absent or empty: whatever the purpose needs. */
  4: optional list<string> categories
  /** Authorities that may get data; absent or empty: any. */
  5: optional list<string> recipients
  /** ACT when absent. */
  6: optional ConsentMode mode
}

/** What a consent was from a moment on. Versions are never edited. */
struct ConsentVersion {
  /** given | narrowed | renewed | revoked */
  1: string change
  2: string at
  /** Who gave or changed it, and as whom: self | legal-representative | proxy. */
  3: string by
  4: string capacity
  5: ConsentScope scope
  /** The scope in words. */
  6: string description
  7: string valid_from
  8: optional string valid_to
  /** What the person saw, and where. */
  9: string text_version
  10: string language
  11: string channel
  /** Of a revocation. */
  12: optional string reason
  /** With the capacity proxy. */
  13: optional string proxy
}

/** What a revocation left to be erased: what the cases it stopped hold. */
struct ErasureDuty {
  1: list<string> cases
  2: string since
  /** The last day the law gives. */
  3: string due
  4: optional string done_at
}

struct Consent {
  1: string id
  2: string citizen
  3: string granted_by
  4: ConsentScope scope
  5: string valid_from
  6: optional string valid_to
  7: string granted_at
  8: string text_version
  9: string language
  10: string channel
  11: optional string revoked_at
  12: optional string revoke_reason
  /** The scope in words. */
  13: string description
  14: bool active
  /** not-yet-valid | given | renewed | expired | revoked */
  15: string state
  /** Oldest first; the fields above are those of the last one. */
  16: list<ConsentVersion> versions
  17: optional ErasureDuty erasure
}

struct ConsentGrant {
  1: string citizen
  2: optional string granted_by
  3: ConsentScope scope
  /** Today when absent. */
  4: optional string valid_from
  5: optional string valid_to
  6: string text_version
  7: string channel
}

/** A change of a consent, with what the person saw. */
struct ConsentAmendment {
  1: string citizen
  2: string consent
  /** The citizen when absent. */
  3: optional string changed_by
  /** What it covers from now on; as before when absent. */
  4: optional ConsentScope scope
  /** The last day from now on. When absent: narrowing leaves it, renewing takes the end away. */
  5: optional string valid_to
  6: string text_version
  7: string channel
}

/** Whom a citizen appointed to give and change consents in the citizen's place. */
struct Proxy {
  1: string id
  2: string citizen
  3: string representative
  4: ConsentScope scope
  /** The scope in words. */
  5: string description
  6: string valid_from
  7: string valid_to
  8: string given_at
  9: string text_version
  10: string language
  11: string channel
  12: optional string revoked_at
  13: bool active
}

struct ProxyGrant {
  1: string citizen
  2: string representative
  3: ConsentScope scope
  /** Today when absent. */
  4: optional string valid_from
  5: string valid_to
  6: string text_version
  7: string channel
}

/** What scopes can name beside services and situations. */
struct ConsentChoices {
  1: list<Named> categories
  2: list<Named> recipients
}

/** The least that a consent to a chain has to cover: without any one of them some step fails. */
struct LeastScopes {
  1: list<Named> categories
  2: list<Named> recipients
}

/** What a law lets the state do with people's data without their consent. */
struct LegalBasis {
  1: string id
  2: string purpose
  /** Empty: any that the purpose needs. */
  3: list<Named> categories
  /** Empty: whoever provides the service. */
  4: list<Named> recipients
  5: LegalSource source
}

struct StatusChange {
  1: string status
  2: string name
  3: string at
  4: string reason
}

/** What stands between an application and zero input, zero waiting and zero paper. */
struct ZeroBlocker {
  /** input | waiting | paper */
  1: string zero
  /** In words. */
  2: string text
}

/** How near an application comes to zero input, zero waiting and zero paper. */
struct Zeros {
  /** How many of the three are zero. */
  1: i32 score
  /** All that has to go; none where the score is three. */
  2: list<ZeroBlocker> blockers
}

/** A decision on a case, by the rules or by an official. */
struct Ruling {
  /** granted | refused | annulled */
  1: string decided
  /** Who decided, in words. */
  2: string by
  3: bool by_official
  /** What the rules come to. */
  4: Verdict verdict
  5: list<Named> grounds
  /** Why an official decided otherwise than the rules: record_is_wrong | document_seen | court_decided | rule_is_wrong */
  6: optional Named override_reason
  7: string at
}

/** A step that somebody tried and the state machine does not allow. */
struct RefusedStep {
  1: string status
  2: string action
  3: string at
}

struct Case {
  1: string id
  2: string citizen
  3: string about
  4: string service_id
  5: string service_name
  6: string situation
  7: Mode mode
  /** announced | offered | started | inter_agency | suspended | information_asked | being_assessed | waiting_for_place |
      with_official | granted | refused | done | stopped | declined | annulled | withdrawn | erased */
  8: string status
  9: string status_name
  10: string opened_at
  /** Absent when the term cannot be counted; see `due_note`. */
  11: optional string due
  12: string due_note
  13: list<StatusChange> history
  14: Verdict verdict
  15: list<Sentence> reasons
  16: optional string consent
  17: string authority
  /** Oldest first; the last one counts. */
  18: list<Ruling> rulings
  /** What is waited for: of the person, or of registries while it is suspended. */
  19: list<Named> awaited
  /** The last day of the wait. */
  20: optional string wait_until
  /** After a correction: cases that rest on this one's result, in the order in which they are taken back before it. */
  21: list<string> compensation
  /** The last of them; `refused_count` counts all. */
  22: list<RefusedStep> refused_steps
  23: i64 refused_count
  /** Asked when the person applied. */
  24: optional list<AskedSource> sources
  /** What it asked of the person so far: input, waiting and paper. Absent before there is an application. */
  25: optional Zeros zeros
}

/** What an official does with a case. Every reason is one of a list. */
struct OfficialAct {
  1: string citizen
  2: string case_id
  /** grant | refuse | annul | ask | suspend | report_findings | give_place */
  3: string step
  /** Of a refusal: among the grounds of the regulation. */
  4: list<string> grounds
  /** Why otherwise than the rules come out; see Ruling. */
  5: optional string override_reason
  /** Attributes that the person is asked for, or that have to be on record before a suspension ends. */
  6: list<string> attributes
  /** The last day of a suspension; absent: as long as the course allows. */
  7: optional string last_day
  /** Of an assessment: whether each condition holds, by its id. */
  8: map<string, bool> findings
}

/** How often officials decided otherwise than the rules. */
struct OverrideCount {
  1: string service_id
  2: string service_name
  3: Named reason
  4: string decided
  5: i64 count
}

/** Something that happened to the legal clock of a case. */
struct ClockEntry {
  /** started | paused | resumed | stopped | recounted | risk_told | breach_told | restarted */
  1: string mark
  2: string name
  3: string at
  4: string recorded_at
  /** Why, in words; may be empty. */
  5: string ground
  /** What ends a pause, in words. */
  6: string ends_by
  /** The last day as counted then. */
  7: optional string due
  /** Of the calendar that it was counted by. */
  8: string calendar_version
}

/** The legal clock of a case: what happened to it, and what follows. */
struct CaseClock {
  1: string case_id
  /** "10 working days" */
  2: string term
  /** runs | stands | stopped */
  3: string state
  4: string state_name
  /** The last day. Absent while it stands, and past the last loaded calendar. */
  5: optional string due
  /** From here on it is at risk. */
  6: optional string risk_from
  /** From here on it is breached. */
  7: optional string breached_from
  8: bool at_risk
  9: bool breached
  /** What has passed and what is left, in words; empty past the last loaded calendar. */
  10: string passed
  11: string remaining
  /** Oldest first. */
  12: list<ClockEntry> entries
}

/** What a result in the register was from a moment on. Versions are never edited. */
struct ResultVersion {
  /** issued | corrected | revoked */
  1: string change
  2: string name
  3: string at
  4: string valid_from
  5: optional string valid_to
  /** granted | refused */
  6: string outcome
  7: string outcome_name
  /** What the person has from it. */
  8: list<Named> outputs
  9: string reason
}

/** That the citizen lets somebody see a result. */
struct ResultSharing {
  1: string with_whom
  2: string given_at
  3: optional string last_day
  4: optional string ended_at
}

/** What a case came to, as the register of decisions and results has it. */
struct ResultRecord {
  1: string id
  2: string case_id
  3: string about
  4: string service_id
  5: string service_name
  6: string authority
  /** Whether it stands today. */
  7: bool stands
  /** Oldest first; the last one counts. */
  8: list<ResultVersion> versions
  9: list<ResultSharing> sharings
}

/** A result to show, with a code that only the register can make. */
struct ResultExtract {
  1: ResultRecord record
  2: string code
  3: string made_at
}

/** Whether an extract is of the register. */
struct ExtractCheck {
  /** Whether the code is that of some version of the result. */
  1: bool genuine
  /** Whether that version is the last one. */
  2: bool latest
  3: bool stands
}

/** What only the person can tell, asked once for all services that need it. */
struct ApplicationAsk {
  1: string attribute
  2: string name
  /** Whose fact it is. */
  3: string citizen
  /** "boolean", "number", "money", "text", "date", "code", "document" ... */
  4: string type
  /** The closed list of a code. */
  5: list<string> values
  6: list<Named> services
}

/** Something with the services for which it is needed. */
struct NeededFor {
  1: Named what
  2: list<Named> services
}

struct ApplicationStep {
  1: string service_id
  2: string service_name
  3: string about
  4: string authority
  /** starts: with the confirmation; waits: for earlier steps, then starts by itself; under_way: its case is open;
      done: its case has its result; ended: its case is over without one */
  5: string state
  6: Verdict verdict
  /** What earlier steps give it that is not there yet. */
  7: list<Named> awaits
  /** Services that begin, or are finished, before it. */
  8: list<Named> behind
  9: string fee
  10: bool fee_known
  11: i32 visits
  12: optional string case_id
  /** Of the case. */
  13: optional string status
  14: optional string status_name
  /** Why a step whose turn has come does not start by itself: not_eligible | no_consent | no_regulation. It starts when
      that has changed. */
  15: optional string not_started
  /** The same in words. */
  16: optional string not_started_text
}

/** One application for everything that a life situation takes, to be confirmed once. */
struct ApplicationOffer {
  /** Names this offer in confirmApplication. */
  1: string offer
  2: string situation
  3: string name
  4: string about
  5: list<ApplicationStep> steps
  6: list<ApplicationAsk> asks
  /** To bring, each once. */
  7: list<NeededFor> documents
  /** Roubles, of all steps that are not under way. */
  8: string fee
  9: bool fee_known
  10: i32 visits
  /** The least that the consent has to cover: for the steps that start by themselves later. None: no consent is needed. */
  11: list<NeededFor> categories
  12: list<NeededFor> recipients
  /** The last day of the consent. */
  13: optional string consent_until
  /** Of the situation: no step leads to these goals. */
  14: list<Named> unreached
}

struct ApplicationConfirmation {
  1: string citizen
  2: string situation
  /** As in the offer. */
  3: string about
  4: string offer
  /** One for each ask; without a value: the person does not know. */
  5: list<Answer> answers
  /** What the person saw of the consent, and where. */
  6: string text_version
  7: string channel
}

/** An application for a whole life situation. */
struct SingleApplication {
  1: string id
  2: string situation
  3: string name
  4: string about
  5: string made_at
  /** On which later steps start by themselves. Absent: no step had to wait. */
  6: optional string consent
  7: list<ApplicationStep> steps
  /** Who confirmed it in the citizen's place; absent: the citizen. */
  8: optional string confirmed_by
}

/** A field of an application for a service. */
struct FormField {
  1: string attribute
  2: string name
  /** Whose; empty when nobody is known in the attribute's role. */
  3: string citizen
  /** held: filled in; registry: a registry has not reported it yet; person: nobody but the person can tell;
      bring: a document that is on no record */
  4: string state
  /** In words; empty where it is not held. */
  5: string value
  /** Name of the registry: which reported it, or could. */
  6: string source
  /** Of what is held: since when it is so, and when it was recorded. */
  7: optional string valid_from
  8: optional string known_at
  /** On what it rests, in words. */
  9: optional string evidence_text
}

/** An application for a service as it is filled in: nothing that the regulation does not list, and nothing asked that
    the state holds. */
struct ApplicationForm {
  1: string service_id
  2: string service_name
  3: string about
  /** The version of the regulation that lists the fields. */
  4: string regulation_from
  5: Verdict verdict
  6: list<FormField> fields
}

/** A change of status of one of the person's cases. */
struct CaseNews {
  1: string case_id
  2: string service_id
  3: string service_name
  4: string about
  5: string status
  6: string status_name
  7: string at
  /** Why, in words. */
  8: string reason
  /** What it means for the person, in a sentence. */
  9: string text
}

struct CaseFeed {
  /** In the order in which they happened. */
  1: list<CaseNews> news
  /** For the next call: what comes after these. */
  2: string cursor
  /** There is more now. */
  3: bool more
}

/** A status that an application for a service can have. */
struct ServiceStatus {
  1: string status
  2: string name
  /** What people are told. */
  3: string text
  /** Nothing more happens by itself. */
  4: bool over
}

/** Whether everything suffices for a service. Binding for a time. */
struct PreCheck {
  1: string id
  2: string service_id
  3: string service_name
  4: string about
  5: string made_at
  /** An application before this moment gets this answer while the facts hold that it rests on, unless a better one
      is there. */
  6: string holds_until
  /** Nothing is missing, and nobody has to look at anything: one confirmation orders it. */
  7: bool suffices
  8: Verdict verdict
  9: list<MissingFact> missing
  /** To bring. */
  10: list<Named> documents
  11: list<RefusalGround> grounds
  /** The version of the regulation that it rests on. */
  12: string regulation_from
  /** Whether it binds now: neither over nor overtaken by other facts. */
  13: bool holds
  /** The case that was applied for on it. */
  14: optional string case_id
  /** All of it in one sentence. */
  15: string text
  /** What was asked of the sources meanwhile. Absent: nothing. */
  16: optional list<AskedSource> sources
}

/** What the state decided about starting a service by itself in a situation; also "do not start". */
struct TriggerDecision {
  1: string at
  2: string situation
  /** Empty: all of the situation. */
  3: string service_id
  4: string about
  /** Whether a case came of it. */
  5: bool starts
  /** started | offered | announced | not_eligible | facts_missing | held | under_way | household_told | too_late | inferred | excluded |
      no_consent | no_regulation */
  6: string reason
  /** Grounds, missing facts, or the services that exclude it. */
  7: list<Named> details
  /** All of it in words. */
  8: string text
}

/** What a revocation does, or would do. */
struct Revocation {
  1: Consent consent
  /** Cases that stop with it. */
  2: list<string> stopped_cases
  3: list<Case> stopped
  /** Services that no longer start by themselves. */
  4: list<Named> no_longer_start
  /** By when what the stopped cases hold is erased; absent: nothing stops. */
  5: optional string erasure_due
  /** All of it in sentences. */
  6: list<string> consequences
}

/** One use of a person's data, or one act about the person, as the ledger holds it. Of relatives it tells nothing. */
struct UseOfData {
  /** Among the person's, from 1: no number may be missing. */
  1: i64 number
  2: string at
  /** consent_given | consent_changed | consent_revoked | access | evaluation | disclosure | decision | message_suppressed | erasure */
  3: string kind
  /** Who did it, in words. */
  4: string who
  /** What was done, in words. */
  5: string what
  /** Categories of data that were used, where they are known. */
  6: list<Named> categories
  /** The consent or the legal basis it rests on, in words. */
  7: string basis
  /** Why, as whoever looked said. */
  8: optional string reason
  /** By the person. */
  9: bool own
  /** All of it in one sentence. */
  10: string text
  /** For what, in words, as whoever is not the person had to say. */
  11: optional string purpose
}

/** What erasing a person takes away, or would. */
struct Erasure {
  1: string citizen
  2: i32 facts
  3: i32 consents
  4: i32 proxies
  /** Open applications that end with it: number and service. */
  5: list<Named> stopped
  /** Applications at which authorities work: while there is one, nothing is erased. */
  6: list<Named> held_by
  /** All of it in sentences. */
  7: list<string> consequences
  /** Absent: nothing was erased. */
  8: optional string erased_at
}

struct StoreBackup {
  /** Among the backups of the folder, from 1. */
  1: i32 number
  2: string made_at
  3: i64 bytes
}

struct Notification {
  1: i64 sequence
  2: string citizen
  3: string at
  4: string title
  5: string text
  6: string case_id
  /** How far it went outside: waiting | delivered | refused | undeliverable | suppressed; absent: it was not tried */
  7: optional string delivery
  /** Why it did not, at the last attempt: "http 503", "budget" */
  8: optional string delivery_reason
}

enum Reaction { OPENED = 1, ACCEPTED = 2, DECLINED = 3 }

struct ServiceSummary {
  1: string id
  2: string name
  3: string summary
  4: string authority
  5: Mode mode
}

struct SituationSummary {
  1: string id
  2: string name
  3: string description
  4: list<string> services
}

/** Whether something has changed in the person's life that no registry told of. One text for all guesses that may lead
    to it; nothing else follows from them, nor from the answer. */
struct LifeQuestion {
  /** Absent: nothing is asked. */
  1: optional string text
  2: optional string asked_on
}

struct Status {
  1: string version
  2: string catalogue_version
  3: string model_version
  4: string now
  5: i32 services
  6: i32 situations
  /** Whether changes are accepted; of a store in partitions, those of at least one. */
  7: bool ready
  /** What orders suggestions: "model", "popularity", "catalogue". */
  8: optional string ranked_by
  /** Why not, and what the operator can do. When ready, of which partitions changes are refused, and why. */
  9: optional string not_ready_because
}

service Kstati {
  /** Liveness and what is loaded. Needs no token. */
  Status status(1: CallContext context) throws (1: Failure failure)

  // --- registries (scope: registry) ---

  /** Records events. The reply is the acknowledgement: what it says ACCEPTED is on stable storage with
      everything it caused. Each event stands alone; one refused does not stop the others. */
  list<EventReceipt> submitEvents(1: CallContext context, 2: list<RegistryEvent> events) throws (1: Failure failure)

  // --- portal and citizen (scope: portal) ---

  /** Services the citizen is or may be entitled to, best first. Never a definite "no". */
  SuggestResult suggest(1: CallContext context, 2: string citizen, 3: i32 limit) throws (1: Failure failure)

  /** Every criterion of a service for a citizen. `about`: the child; empty: the citizen. */
  Explanation explain(1: CallContext context, 2: string citizen, 3: string service_id, 4: string about) throws (1: Failure failure)

  /** Documents, term, cost, channels, criteria and grounds as they are for this person. `compared_with`: a day
      whose passport it is compared with; empty: none. `about` as in explain. */
  Passport passport(1: CallContext context, 2: string citizen, 3: string service_id, 4: string about, 5: string compared_with) throws (1: Failure failure)

  /** The decision on a service as a document that anybody can check without Kstati: docs/reference/certificate.md.
      It tells facts of the person, so it needs the context's `reason` when values are masked. `about` as in explain. */
  string certificate(1: CallContext context, 2: string citizen, 3: string service_id, 4: string about) throws (1: Failure failure)
  /** What to ask next, so that the services, or those of the situation, or all when neither is given, are decided
      after as few questions as can be expected. Nothing is recorded: `answers` are all given so far, in order; leave
      out the last one to go back. `about` as in explain. */
  NextQuestion nextQuestion(1: CallContext context, 2: string citizen, 3: list<string> services, 4: string situation, 5: string about, 6: list<Answer> answers) throws (1: Failure failure)

  /** The ordered steps of a situation. `about` as in explain. */
  Chain chain(1: CallContext context, 2: string citizen, 3: string situation, 4: string about) throws (1: Failure failure)
  /** At most four ways through a situation, the recommended one first: each is best in what it is named for. None
      without steps. `about` as in explain. */
  list<ChainOption> chainOptions(1: CallContext context, 2: string citizen, 3: string situation, 4: string about) throws (1: Failure failure)
  /** The front of cost against time of one person, searched on demand: slower and cheaper, or dearer and sooner.
      `about` as in explain. */
  ChainFront chainFront(1: CallContext context, 2: string citizen, 3: string situation, 4: string about) throws (1: Failure failure)
  /** The chain that the person was told of at a moment, as it goes on now: with the fewest services that were not in
      it. `about` as in explain. */
  ChainRepair repairChain(1: CallContext context, 2: string citizen, 3: string situation, 4: string about, 5: string told_at) throws (1: Failure failure)

  /** Asks the sources for these attributes of the citizen, all that they have when none is given, and waits for what
      they say; what they know is recorded. Needs the context's `reason`, and a consent of the person that covers the data
      whatever the service: NOT_ALLOWED otherwise. */
  list<AskedSource> askSources(1: CallContext context, 2: string citizen, 3: list<string> attributes) throws (1: Failure failure)

  list<SituationOfCitizen> situations(1: CallContext context, 2: string citizen) throws (1: Failure failure)

  /** Facts and relations as of (valid_at, known_at); when empty, as of the context's. */
  Profile profile(1: CallContext context, 2: string citizen, 3: string valid_at, 4: string known_at) throws (1: Failure failure)

  /** Everything ever recorded about the citizen: facts, relations, and which event corrected which. */
  History history(1: CallContext context, 2: string citizen) throws (1: Failure failure)

  /** Who is what to the citizen, guardians too, as of the context's instants. Of the members nothing else is read. */
  Household household(1: CallContext context, 2: string citizen) throws (1: Failure failure)

  Consent grantConsent(1: CallContext context, 2: ConsentGrant grant) throws (1: Failure failure)
  list<Consent> consents(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  /** Takes away from what a consent allows; INVALID_ARGUMENT when it would add. Takes effect at once: started cases
      that it no longer covers stop. */
  Consent narrowConsent(1: CallContext context, 2: ConsentAmendment amendment) throws (1: Failure failure)
  /** Adds time to a consent, and nothing else. */
  Consent renewConsent(1: CallContext context, 2: ConsentAmendment amendment) throws (1: Failure failure)
  /** What revokeConsent would do now, by the same code. Changes nothing. */
  Revocation previewRevocation(1: CallContext context, 2: string citizen, 3: string consent) throws (1: Failure failure)
  /** Takes effect at once: open proactive cases that rest on it stop before their next step. Revoking again changes
      nothing and stops nothing. */
  Revocation revokeConsent(1: CallContext context, 2: string citizen, 3: string consent, 4: string reason) throws (1: Failure failure)

  /** The consent's record as JSON: docs/reference/consent-receipt.md. */
  string consentReceipt(1: CallContext context, 2: string citizen, 3: string consent) throws (1: Failure failure)
  /** The least that a consent to the chain of a situation has to cover. `about` as in explain. */
  LeastScopes leastScopes(1: CallContext context, 2: string citizen, 3: string situation, 4: string about) throws (1: Failure failure)

  Proxy appointProxy(1: CallContext context, 2: ProxyGrant grant) throws (1: Failure failure)
  list<Proxy> proxies(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  /** Consents that were given under it are revoked with it. */
  Proxy revokeProxy(1: CallContext context, 2: string citizen, 3: string proxy) throws (1: Failure failure)

  list<Case> cases(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  /** The person confirms a prepared offer or applies for a suggested service. */
  Case apply(1: CallContext context, 2: string citizen, 3: string service_id, 4: string about) throws (1: Failure failure)
  /** The person turns an offer down; it is remembered. */
  Case decline(1: CallContext context, 2: string citizen, 3: string case_id) throws (1: Failure failure)
  /** The person takes an application back before it is decided. */
  Case withdraw(1: CallContext context, 2: string citizen, 3: string case_id) throws (1: Failure failure)
  /** What the person answers to a case that asked; what nobody confirms, only an official decides on. An answer counts for
      the person whose fact it is, and for nobody else: INVALID_ARGUMENT when several lack it and the answer does not say. */
  Case tellCase(1: CallContext context, 2: string citizen, 3: string case_id, 4: list<Answer> answers) throws (1: Failure failure)
  /** What happened to the person's cases since a cursor that this call gave; from the beginning when it is empty. At most
      `limit` (up to 1000). */
  CaseFeed caseFeed(1: CallContext context, 2: string citizen, 3: string cursor, 4: i32 limit) throws (1: Failure failure)
  /** An application for a service as it would be filled in now. Changes nothing. `about` as in explain. */
  ApplicationForm applicationForm(1: CallContext context, 2: string citizen, 3: string service_id, 4: string about) throws (1: Failure failure)
  /** What the state decided to start and not to start, latest first. */
  list<TriggerDecision> triggers(1: CallContext context, 2: string citizen) throws (1: Failure failure)

  /** The legal clock of a case; NOT_FOUND before there is an application. */
  CaseClock caseClock(1: CallContext context, 2: string citizen, 3: string case_id) throws (1: Failure failure)
  /** What the register of decisions and results has of the citizen. */
  list<ResultRecord> results(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  ResultExtract resultExtract(1: CallContext context, 2: string citizen, 3: string result) throws (1: Failure failure)
  /** A signed token of a result that anybody can verify without Kstati; it ends after `days` (1 to 3650), or with the
      result: docs/decisions/029-register.md. */
  string resultToken(1: CallContext context, 2: string citizen, 3: string result, 4: i32 days) throws (1: Failure failure)
  /** Lets somebody see the result until the end of `last_day`; empty: without end. */
  ResultRecord shareResult(1: CallContext context, 2: string citizen, 3: string result, 4: string with_whom, 5: string last_day) throws (1: Failure failure)
  ResultRecord endSharing(1: CallContext context, 2: string citizen, 3: string result, 4: string with_whom) throws (1: Failure failure)
  /** For whoever was shown an extract: the code is what lets them ask. Any token will do. */
  ExtractCheck checkExtract(1: CallContext context, 2: string result, 3: string code) throws (1: Failure failure)

  /** One application for all that the situation takes: what is missing is asked once, with one fee and one consent.
      Changes nothing. `about` as in explain. */
  ApplicationOffer offerApplication(1: CallContext context, 2: string citizen, 3: string situation, 4: string about) throws (1: Failure failure)
  /** Starts what can start, and later the rest by itself. Confirming the same offer again changes nothing. CONFLICT when
      what is asked for has changed since the offer. */
  SingleApplication confirmApplication(1: CallContext context, 2: ApplicationConfirmation confirmation) throws (1: Failure failure)
  list<SingleApplication> applications(1: CallContext context, 2: string citizen) throws (1: Failure failure)

  /** Whether everything suffices for a service; the answer is kept and binds. `about` as in explain. */
  PreCheck preCheck(1: CallContext context, 2: string citizen, 3: string service_id, 4: string about) throws (1: Failure failure)
  /** Latest first. */
  list<PreCheck> preChecks(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  /** One confirmation: applies for what a pre-check found to suffice. Ordering again changes nothing. CONFLICT when it
      binds no more, or something lacks. */
  Case order(1: CallContext context, 2: string citizen, 3: string pre_check) throws (1: Failure failure)
  /** How near an application for a service would come to zero input, zero waiting and zero paper. `about` as in explain. */
  Zeros zeros(1: CallContext context, 2: string citizen, 3: string service_id, 4: string about) throws (1: Failure failure)
  list<Notification> notifications(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  /** What the person did with a suggestion. `about`: whom it is about, as the suggestion has it; empty: nobody says. */
  void feedback(1: CallContext context, 2: string citizen, 3: string exposure, 4: string service_id, 5: Reaction reaction, 6: string about) throws (1: Failure failure)

  /** What is asked of the person today, if anything: at most once in half a year. That it is asked is kept. */
  LifeQuestion lifeQuestion(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  /** Closes the open question. NOT_FOUND when there is none. */
  void answerLifeQuestion(1: CallContext context, 2: string citizen, 3: bool changed) throws (1: Failure failure)

  /** What was done with the person's data and about the person: entries with numbers > `after`, oldest first, at most
      `limit` (up to 1000). */
  list<UseOfData> usesOfData(1: CallContext context, 2: string citizen, 3: i64 after, 4: i32 limit) throws (1: Failure failure)
  /** The proof that the person's entry of this number is in the ledger, for anybody to check:
      docs/internals/formats.md. It says what the entry says. */
  string ledgerReceipt(1: CallContext context, 2: string citizen, 3: i64 number) throws (1: Failure failure)
  /** The proof that the ledger of the person's entries only grew between two of its signed checkpoints, as somebody saw
      them: the earlier one and the later one. */
  string ledgerConsistency(1: CallContext context, 2: string citizen, 3: string first, 4: string second) throws (1: Failure failure)
  /** The public key of the ledger that the person's entries stand in. */
  string ledgerKey(1: CallContext context, 2: string citizen) throws (1: Failure failure)

  // --- officials (scope: official:<authority>) ---

  /** Cases whose next step is an official's: of the authority, or of all that the token allows when it is empty. At most
      `limit` (up to 1000). */
  list<Case> officialQueue(1: CallContext context, 2: string authority, 3: i32 limit) throws (1: Failure failure)
  Case actOfficially(1: CallContext context, 2: OfficialAct act) throws (1: Failure failure)
  /** How often officials decided otherwise than the rules, by service and reason. */
  list<OverrideCount> overrides(1: CallContext context) throws (1: Failure failure)

  // --- catalogue ---

  list<SourceSummary> sources(1: CallContext context) throws (1: Failure failure)
  list<ServiceSummary> services(1: CallContext context) throws (1: Failure failure)
  /** The statuses that applications for a service can have today, in the order in which they may come. */
  list<ServiceStatus> serviceStatuses(1: CallContext context, 2: string service_id) throws (1: Failure failure)
  ConsentChoices consentChoices(1: CallContext context) throws (1: Failure failure)
  list<LegalBasis> legalBases(1: CallContext context) throws (1: Failure failure)
  list<SituationSummary> catalogueSituations(1: CallContext context) throws (1: Failure failure)

  // --- operators (scope: operator) ---

  /** What eraseCitizen would take away now. Changes nothing. */
  Erasure previewErasure(1: CallContext context, 2: string citizen) throws (1: Failure failure)
  /** Destroys the person's key: facts, consents, cases and texts are gone, in backups too, and cannot come back. The
      ledger stays verifiable. Needs the context's `reason`; `confirmation` repeats the citizen. DENIED while an
      authority works at an application. */
  Erasure eraseCitizen(1: CallContext context, 2: string citizen, 3: string confirmation) throws (1: Failure failure)
  /** Adds a verified backup of the running store to the folder that the server's configuration names. It has all
      that was acknowledged before the call. Returns when it is made, which may take minutes. */
  StoreBackup backUpStore(1: CallContext context) throws (1: Failure failure)
}
