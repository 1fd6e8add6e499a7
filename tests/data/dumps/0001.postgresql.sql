CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.cti_agent (
    agent_id character varying(80) NOT NULL,
    extension character varying(20) NOT NULL,
    display_name character varying(200) NOT NULL,
    kind character varying(10) NOT NULL,
    queues json NOT NULL,
    enabled boolean NOT NULL
);
CREATE TABLE public.cti_agent_state (
    state_id integer NOT NULL,
    agent_id character varying(80) NOT NULL,
    state character varying(20) NOT NULL,
    reason text NOT NULL,
    contact_id character varying(64),
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);
CREATE SEQUENCE public.cti_agent_state_state_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.cti_agent_state_state_id_seq OWNED BY public.cti_agent_state.state_id;
CREATE TABLE public.cti_call (
    contact_id character varying(64) NOT NULL,
    call_id character varying(64) NOT NULL,
    linkedid character varying(64) NOT NULL,
    caller_number character varying(80) NOT NULL,
    caller_key character varying(40) NOT NULL,
    caller_name character varying(200) NOT NULL,
    dialled character varying(80) NOT NULL,
    city character varying(40) NOT NULL,
    queue character varying(80) NOT NULL,
    menu_path character varying(200) NOT NULL,
    originated boolean NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    queued_at timestamp with time zone,
    ringing_at timestamp with time zone,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    agent_id character varying(80),
    wait_seconds double precision,
    talk_seconds double precision,
    end_reason character varying(40),
    abandoned_position integer,
    merged_into character varying(64)
);
CREATE TABLE public.cti_fact (
    fact_id integer NOT NULL,
    digest character varying(64) NOT NULL,
    name character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    contact_id character varying(64) NOT NULL,
    body json NOT NULL
);
CREATE SEQUENCE public.cti_fact_fact_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.cti_fact_fact_id_seq OWNED BY public.cti_fact.fact_id;
CREATE TABLE public.desk_access (
    access_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    user_id character varying(36) NOT NULL,
    session character varying(16) NOT NULL,
    what character varying(24) NOT NULL,
    object_id character varying(64) NOT NULL
);
CREATE SEQUENCE public.desk_access_access_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.desk_access_access_id_seq OWNED BY public.desk_access.access_id;
CREATE TABLE public.desk_session (
    token_hash character varying(64) NOT NULL,
    user_id character varying(36) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.desk_throttle (
    key character varying(64) NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.desk_user (
    user_id character varying(36) NOT NULL,
    username character varying(64) NOT NULL,
    display_name character varying(64) NOT NULL,
    password_hash character varying(255) NOT NULL,
    roles json NOT NULL,
    agent_id character varying(80),
    unit_id character varying(64),
    enabled boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.rec_alarm (
    alarm_id character varying(36) NOT NULL,
    kind character varying(64) NOT NULL,
    recording_id character varying(36),
    raised_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    times integer NOT NULL,
    cleared_at timestamp with time zone,
    cleared_by character varying(80)
);
CREATE TABLE public.rec_contact (
    contact_id character varying(36) NOT NULL,
    queue character varying(80),
    category character varying(80),
    result character varying(40),
    agent_ids json NOT NULL,
    confidential boolean NOT NULL,
    named json NOT NULL
);
CREATE TABLE public.rec_file (
    recording_id character varying(36) NOT NULL,
    role character varying(16) NOT NULL,
    path character varying(200) NOT NULL,
    format character varying(8) NOT NULL,
    bytes bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    key_id character varying(8)
);
CREATE TABLE public.rec_hold (
    hold_id character varying(36) NOT NULL,
    contact_id character varying(36) NOT NULL,
    reason text NOT NULL,
    placed_by character varying(80) NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    lifted_by character varying(80),
    lifted_at timestamp with time zone,
    lift_reason text
);
CREATE TABLE public.rec_ledger (
    seq bigint NOT NULL,
    entry_id character varying(36) NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying(16) NOT NULL,
    recording_id character varying(36),
    person character varying(80),
    text text NOT NULL,
    leaf character varying(64) NOT NULL,
    seal_number integer
);
CREATE SEQUENCE public.rec_ledger_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rec_ledger_seq_seq OWNED BY public.rec_ledger.seq;
CREATE TABLE public.rec_mark (
    mark_id bigint NOT NULL,
    contact_id character varying(36) NOT NULL,
    at timestamp with time zone NOT NULL,
    label character varying(16) NOT NULL,
    who character varying(80)
);
CREATE SEQUENCE public.rec_mark_mark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rec_mark_mark_id_seq OWNED BY public.rec_mark.mark_id;
CREATE TABLE public.rec_play (
    play_id character varying(36) NOT NULL,
    recording_id character varying(36) NOT NULL,
    person character varying(80) NOT NULL,
    reason text NOT NULL,
    purpose character varying(16) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    heard json NOT NULL
);
CREATE TABLE public.rec_recording (
    recording_id character varying(36) NOT NULL,
    contact_id character varying(36) NOT NULL,
    kind character varying(16) NOT NULL,
    part integer NOT NULL,
    state character varying(16) NOT NULL,
    problem character varying(64),
    alarms json NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ready_at timestamp with time zone,
    expected_seconds double precision,
    seconds double precision,
    channels integer,
    transcript_state character varying(16) NOT NULL,
    call_over boolean NOT NULL,
    spool_files json NOT NULL,
    spool_dropped boolean NOT NULL,
    listening character varying(16) NOT NULL,
    attempts integer NOT NULL,
    failures integer NOT NULL,
    next_try_at timestamp with time zone,
    claimed_until timestamp with time zone,
    claim_token character varying(36)
);
CREATE TABLE public.rec_seal (
    number integer NOT NULL,
    text text NOT NULL,
    digest character varying(64) NOT NULL,
    signature character varying(128) NOT NULL
);
CREATE TABLE public.rec_segment (
    segment_id bigint NOT NULL,
    transcript_id character varying(36) NOT NULL,
    recording_id character varying(36) NOT NULL,
    leg character varying(8) NOT NULL,
    start double precision NOT NULL,
    "end" double precision NOT NULL,
    text text NOT NULL,
    conf double precision,
    words json NOT NULL
);
CREATE SEQUENCE public.rec_segment_segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rec_segment_segment_id_seq OWNED BY public.rec_segment.segment_id;
CREATE TABLE public.rec_transcript (
    transcript_id character varying(36) NOT NULL,
    recording_id character varying(36) NOT NULL,
    version integer NOT NULL,
    state character varying(16) NOT NULL,
    priority integer NOT NULL,
    problem character varying(64),
    engine character varying(32),
    model character varying(128),
    created_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    figures json NOT NULL,
    attempts integer NOT NULL,
    next_try_at timestamp with time zone,
    claimed_until timestamp with time zone,
    claim_token character varying(36)
);
CREATE TABLE public.tkt_chain (
    chain integer NOT NULL,
    "position" bigint NOT NULL,
    hash character varying(64) NOT NULL
);
CREATE TABLE public.tkt_draft (
    agent_id character varying(64) NOT NULL,
    contact_id character varying(64) NOT NULL,
    body jsonb NOT NULL,
    version integer NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.tkt_duty (
    duty_id character varying(36) NOT NULL,
    scope character varying(160) NOT NULL,
    rule character varying(80) NOT NULL,
    act character varying(40) NOT NULL,
    ticket_id character varying(36) NOT NULL,
    unit_id character varying(64),
    mandatory boolean NOT NULL,
    confirm jsonb NOT NULL,
    src jsonb NOT NULL,
    why text NOT NULL,
    status character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by character varying(64),
    note text
);
CREATE TABLE public.tkt_idempotency (
    key character varying(200) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    ticket_id character varying(36) NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.tkt_item (
    ticket_id character varying(36) NOT NULL,
    ordinal integer NOT NULL,
    text text NOT NULL,
    result text,
    evidence text,
    law_basis text,
    resolved boolean,
    by_unit character varying(64)
);
CREATE TABLE public.tkt_ledger (
    entry_id bigint NOT NULL,
    chain integer NOT NULL,
    "position" bigint NOT NULL,
    ledger character varying(20) NOT NULL,
    ticket_id character varying(120) NOT NULL,
    at timestamp with time zone NOT NULL,
    by character varying(64) NOT NULL,
    verb character varying(40) NOT NULL,
    body text NOT NULL,
    previous character varying(64) NOT NULL,
    hash character varying(64) NOT NULL
);
CREATE SEQUENCE public.tkt_ledger_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tkt_ledger_entry_id_seq OWNED BY public.tkt_ledger.entry_id;
CREATE TABLE public.tkt_meeting (
    meeting_id character varying(36) NOT NULL,
    ticket_id character varying(36) NOT NULL,
    place character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    units jsonb NOT NULL,
    attendance jsonb NOT NULL
);
CREATE TABLE public.tkt_number_day (
    day character varying(8) NOT NULL,
    value bigint NOT NULL
);
CREATE TABLE public.tkt_opinion (
    opinion_id character varying(36) NOT NULL,
    ticket_id character varying(36) NOT NULL,
    at timestamp with time zone NOT NULL,
    by character varying(64) NOT NULL,
    source character varying(20) NOT NULL,
    outcome character varying(30) NOT NULL,
    solved boolean,
    contacted boolean,
    note text NOT NULL
);
CREATE TABLE public.tkt_order (
    order_id character varying(36) NOT NULL,
    serial integer NOT NULL,
    ticket_id character varying(36) NOT NULL,
    work_id character varying(36) NOT NULL,
    unit_id character varying(64) NOT NULL,
    kind character varying(10) NOT NULL,
    form character varying(20),
    ground character varying(30),
    opinion text NOT NULL,
    status character varying(10) NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    issued_by character varying(64) NOT NULL,
    due_at timestamp with time zone,
    answer text,
    evaluation text,
    expired boolean
);
CREATE TABLE public.tkt_outbox (
    outbox_id bigint NOT NULL,
    event character varying(40) NOT NULL,
    body jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    problem character varying(500)
);
CREATE SEQUENCE public.tkt_outbox_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tkt_outbox_outbox_id_seq OWNED BY public.tkt_outbox.outbox_id;
CREATE TABLE public.tkt_recusal (
    recusal_id character varying(36) NOT NULL,
    user_id character varying(64) NOT NULL,
    scope character varying(10) NOT NULL,
    scope_id character varying(64) NOT NULL,
    reason text NOT NULL,
    declared_at timestamp with time zone NOT NULL,
    declared_by character varying(64) NOT NULL,
    ended_at timestamp with time zone
);
CREATE TABLE public.tkt_report (
    report_id character varying(36) NOT NULL,
    ticket_id character varying(36) NOT NULL,
    work_id character varying(36) NOT NULL,
    filed_at timestamp with time zone NOT NULL,
    filed_by character varying(64) NOT NULL,
    result text NOT NULL,
    public_reply text NOT NULL,
    resolved boolean,
    body jsonb NOT NULL
);
CREATE TABLE public.tkt_request (
    request_id character varying(36) NOT NULL,
    serial integer NOT NULL,
    ticket_id character varying(36) NOT NULL,
    work_id character varying(36) NOT NULL,
    kind character varying(20) NOT NULL,
    reason text NOT NULL,
    days integer,
    status character varying(10) NOT NULL,
    filed_at timestamp with time zone NOT NULL,
    filed_by character varying(64) NOT NULL,
    decided_at timestamp with time zone,
    decided_by character varying(64),
    ruling text
);
CREATE TABLE public.tkt_setting (
    name character varying(80) NOT NULL,
    value jsonb NOT NULL,
    version integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by character varying(64) NOT NULL
);
CREATE TABLE public.tkt_setting_change (
    change_id bigint NOT NULL,
    name character varying(80) NOT NULL
);
CREATE SEQUENCE public.tkt_setting_change_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tkt_setting_change_change_id_seq OWNED BY public.tkt_setting_change.change_id;
CREATE TABLE public.tkt_ticket (
    ticket_id character varying(36) NOT NULL,
    number character varying(20) NOT NULL,
    status character varying(30) NOT NULL,
    kind character varying(30) NOT NULL,
    category character varying(100) NOT NULL,
    title character varying(200) NOT NULL,
    text text NOT NULL,
    place character varying(500) NOT NULL,
    caller_name character varying(100) NOT NULL,
    caller_number character varying(40) NOT NULL,
    caller_key character varying(40) NOT NULL,
    contact_id character varying(64),
    confidential boolean NOT NULL,
    created_by character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    due_at timestamp with time zone,
    unit character varying(64),
    phase character varying(30) DEFAULT 'registered'::character varying NOT NULL,
    city character varying(40) DEFAULT ''::character varying NOT NULL,
    pack_version character varying(80) DEFAULT ''::character varying NOT NULL,
    origin character varying(40) DEFAULT 'citizen'::character varying NOT NULL,
    mode character varying(20),
    yellow_from timestamp with time zone,
    provisional boolean DEFAULT false NOT NULL,
    citizen_due_at timestamp with time zone,
    closed_at timestamp with time zone,
    wake_at timestamp with time zone,
    urgent boolean DEFAULT false NOT NULL,
    major boolean DEFAULT false NOT NULL,
    emergency character varying(80),
    leader_assigned boolean DEFAULT false NOT NULL,
    no_reply boolean DEFAULT false NOT NULL,
    accused_unit character varying(64),
    accused_person character varying(100),
    matter_id character varying(36),
    merged_into character varying(36),
    public_reply text DEFAULT ''::text NOT NULL,
    satisfaction character varying(30),
    reviews integer DEFAULT 0 NOT NULL,
    attachments jsonb DEFAULT '[]'::jsonb NOT NULL,
    settled character varying(30),
    query_hash character varying(64)
);
CREATE TABLE public.tkt_work (
    work_id character varying(36) NOT NULL,
    serial integer NOT NULL,
    ticket_id character varying(36) NOT NULL,
    parent_id character varying(36),
    unit_id character varying(64) NOT NULL,
    role character varying(10) NOT NULL,
    depth integer NOT NULL,
    status character varying(30) NOT NULL,
    mode character varying(20),
    items jsonb NOT NULL,
    attachments jsonb NOT NULL,
    delivered_at timestamp with time zone NOT NULL,
    delivered_by character varying(64) NOT NULL,
    signed_at timestamp with time zone,
    reported_at timestamp with time zone,
    ended_at timestamp with time zone,
    due_at timestamp with time zone,
    target_at timestamp with time zone,
    sign_due_at timestamp with time zone,
    return_due_at timestamp with time zone,
    yellow_from timestamp with time zone,
    provisional boolean DEFAULT false NOT NULL,
    clock jsonb NOT NULL,
    extensions integer DEFAULT 0 NOT NULL,
    locked character varying(20),
    explained boolean DEFAULT false NOT NULL,
    overdue boolean DEFAULT false NOT NULL,
    redone integer DEFAULT 0 NOT NULL,
    next_check timestamp with time zone,
    warned boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY public.cti_agent_state ALTER COLUMN state_id SET DEFAULT nextval('public.cti_agent_state_state_id_seq'::regclass);
ALTER TABLE ONLY public.cti_fact ALTER COLUMN fact_id SET DEFAULT nextval('public.cti_fact_fact_id_seq'::regclass);
ALTER TABLE ONLY public.desk_access ALTER COLUMN access_id SET DEFAULT nextval('public.desk_access_access_id_seq'::regclass);
ALTER TABLE ONLY public.rec_ledger ALTER COLUMN seq SET DEFAULT nextval('public.rec_ledger_seq_seq'::regclass);
ALTER TABLE ONLY public.rec_mark ALTER COLUMN mark_id SET DEFAULT nextval('public.rec_mark_mark_id_seq'::regclass);
ALTER TABLE ONLY public.rec_segment ALTER COLUMN segment_id SET DEFAULT nextval('public.rec_segment_segment_id_seq'::regclass);
ALTER TABLE ONLY public.tkt_ledger ALTER COLUMN entry_id SET DEFAULT nextval('public.tkt_ledger_entry_id_seq'::regclass);
ALTER TABLE ONLY public.tkt_outbox ALTER COLUMN outbox_id SET DEFAULT nextval('public.tkt_outbox_outbox_id_seq'::regclass);
ALTER TABLE ONLY public.tkt_setting_change ALTER COLUMN change_id SET DEFAULT nextval('public.tkt_setting_change_change_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.cti_agent VALUES ('值x', '值x', '值x', '值x', '{"k": ["\u503c", 1]}', true);
INSERT INTO public.cti_agent_state VALUES (7, '值x', '值x', '值x', '值x', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00');
INSERT INTO public.cti_call VALUES ('值x', '值x', '值x', '值x', '值x', '值x', '值x', '值x', '值x', '值x', true, '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '值x', 1.5, 1.5, '值x', 7, '值x');
INSERT INTO public.cti_fact VALUES (7, '值x', '值x', '2025-06-03 01:00:00+00', '值x', '{"k": ["\u503c", 1]}');
INSERT INTO public.desk_access VALUES (7, '2025-06-03 01:00:00+00', '值x', '值x', '值x', '值x');
INSERT INTO public.desk_session VALUES ('值x', '值x', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00');
INSERT INTO public.desk_throttle VALUES ('值x', 7, '2025-06-03 01:00:00+00');
INSERT INTO public.desk_user VALUES ('值x', '值x', '值x', '值x', '{"k": ["\u503c", 1]}', '值x', '值x', true, '2025-06-03 01:00:00+00');
INSERT INTO public.rec_alarm VALUES ('值x', '值x', '值x', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', 7, '2025-06-03 01:00:00+00', '值x');
INSERT INTO public.rec_contact VALUES ('值x', '值x', '值x', '值x', '{"k": ["\u503c", 1]}', true, '{"k": ["\u503c", 1]}');
INSERT INTO public.rec_file VALUES ('值x', '值x', '值x', '值x', 7, '值x', '2025-06-03 01:00:00+00', '值x');
INSERT INTO public.rec_hold VALUES ('值x', '值x', '值x', '值x', '2025-06-03 01:00:00+00', '值x', '2025-06-03 01:00:00+00', '值x');
INSERT INTO public.rec_ledger VALUES (7, '值x', '2025-06-03 01:00:00+00', '值x', '值x', '值x', '值x', '值x', 7);
INSERT INTO public.rec_mark VALUES (7, '值x', '2025-06-03 01:00:00+00', '值x', '值x');
INSERT INTO public.rec_play VALUES ('值x', '值x', '值x', '值x', '值x', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '{"k": ["\u503c", 1]}');
INSERT INTO public.rec_recording VALUES ('值x', '值x', '值x', 7, '值x', '值x', '{"k": ["\u503c", 1]}', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', 1.5, 1.5, 7, '值x', true, '{"k": ["\u503c", 1]}', true, '值x', 7, 7, '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '值x');
INSERT INTO public.rec_seal VALUES (7, '值x', '值x', '值x');
INSERT INTO public.rec_segment VALUES (7, '值x', '值x', '值x', 1.5, 1.5, '值x', 1.5, '{"k": ["\u503c", 1]}');
INSERT INTO public.rec_transcript VALUES ('值x', '值x', 7, '值x', 7, '值x', '值x', '值x', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '{"k": ["\u503c", 1]}', 7, '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', '值x');
INSERT INTO public.tkt_chain VALUES (10, 10, 'c3091ae4e90136b24191c49d4f16e365b492bed82e604c8dca07906163876793');
INSERT INTO public.tkt_chain VALUES (15, 25, 'fb15f67a2578067b75bb35bf7ae08b7cd1236580b9e59a9c808b8e84b0ab7e47');
INSERT INTO public.tkt_chain VALUES (1, 1, '825958946d75a1a05da6f53f846b8dcd5d813de024dede6db63709ce365aa700');
INSERT INTO public.tkt_draft VALUES ('agent1', 'call-2', '{"title": "未写完"}', 1, '2025-07-30 01:00:00+00');
INSERT INTO public.tkt_duty VALUES ('ad9f2566-a7f8-4e42-b7a9-1056bda08451', 'work:565d4917-b9d4-4039-b22e-805c6d993f2f', 'urged_twice', 'circular_criticism', '0ceb0d07-61db-484a-be72-c37939722738', 'county', true, '[]', '["demo:24(1)"]', '', 'open', '2025-07-30 01:00:00+00', NULL, NULL, NULL);
INSERT INTO public.tkt_idempotency VALUES ('k0', '28ead1b43635bdc91f9d2de7a46edd1411a24ac44b35fc3e06404fb68b460b8a', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00');
INSERT INTO public.tkt_idempotency VALUES ('k1', '0fa5114a34b9ce5da46800c0b9c792a58f031d0774f2a3d675f2534d734e4fad', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00');
INSERT INTO public.tkt_idempotency VALUES ('k2', '48fd2b3eda6b5c46c8935b9b27495fee3f9f9b58b6737f660dffd3e32899c31a', '95294460-75df-439e-ada9-7aa35d40b129', '2025-07-30 01:00:00+00');
INSERT INTO public.tkt_item VALUES ('78d900f4-51d9-45d3-bda9-883269d2ec86', 1, '路灯不亮', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tkt_item VALUES ('78d900f4-51d9-45d3-bda9-883269d2ec86', 2, '树枝挡光', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tkt_ledger VALUES (1, 10, 1, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'op1', 'register', '{"number":"20250603-000001"}', '0000000000000000000000000000000000000000000000000000000000000000', '00dabfc58ac28234544770ffa97014906b9a8d0c0b307bc326f6c268671adcc0');
INSERT INTO public.tkt_ledger VALUES (2, 10, 2, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'sup1', 'dispatch', '{"given":{"units":["bureau"]},"works":[{"articles":["demo:7"],"due_at":"2025-06-17T23:59:59+08:00","limit":"fixed","mode":null,"provisional":false,"role":"lead","unit":"bureau","work_id":"13733801-015b-4658-bec2-ef276b43167e"}]}', '00dabfc58ac28234544770ffa97014906b9a8d0c0b307bc326f6c268671adcc0', '91c08043df7fe58216dcbaf2996809ab81e85a95490019537b03ea81b5320798');
INSERT INTO public.tkt_ledger VALUES (3, 10, 3, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'bureau-handler', 'sign', '{"unit":"bureau","work_id":"13733801-015b-4658-bec2-ef276b43167e"}', '91c08043df7fe58216dcbaf2996809ab81e85a95490019537b03ea81b5320798', 'e3f2bc35d1c744d8a9095ebbc54f6957fce503043b13396605261f99481bf610');
INSERT INTO public.tkt_ledger VALUES (4, 10, 4, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'bureau-leader', 'report', '{"attachments_covered":["a1"],"closing_report":"结案报告","items":[1,2],"leader":"李四","public_reply":"路灯已修复","report_id":"55d95e8c-f60e-414a-bf3e-bae7cf106740","resolved":true,"result":"已修好","satisfaction":"satisfied","seal":"seal-1","signature":"张三","unit":"bureau","work_id":"13733801-015b-4658-bec2-ef276b43167e"}', 'e3f2bc35d1c744d8a9095ebbc54f6957fce503043b13396605261f99481bf610', '4f3ab7089a566a2d0f94182818f11a0e6e2011b9c5eee80fb536693b4c25a95c');
INSERT INTO public.tkt_ledger VALUES (5, 10, 5, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'system', 'all_reported', '{}', '4f3ab7089a566a2d0f94182818f11a0e6e2011b9c5eee80fb536693b4c25a95c', 'dfb6d248fa736fd200d5064b0fb7cc126b82aa959d1ef5f1f7abbdb4296e4a06');
INSERT INTO public.tkt_ledger VALUES (6, 10, 6, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'sup1', 'pass_review', '{}', 'dfb6d248fa736fd200d5064b0fb7cc126b82aa959d1ef5f1f7abbdb4296e4a06', '1d888c05c5f776bdc18825cf8692ec855d672a396b676abe60cc0e6b649e6355');
INSERT INTO public.tkt_ledger VALUES (7, 10, 7, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'sup1', 'call_back', '{"outcome":"satisfied"}', '1d888c05c5f776bdc18825cf8692ec855d672a396b676abe60cc0e6b649e6355', '51988cb724130a85c8b395f6e5e6040f61dda40f075accf0ae05da6bd0730cb0');
INSERT INTO public.tkt_ledger VALUES (8, 10, 8, 'callback', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'sup1', 'call_back', '{"outcome":"satisfied"}', '51988cb724130a85c8b395f6e5e6040f61dda40f075accf0ae05da6bd0730cb0', 'fe74527e94bf7b86fe02d98c3ce8720cac1a159ec13c75d6db9b27ee287c7952');
INSERT INTO public.tkt_ledger VALUES (9, 10, 9, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'sup1', 'close', '{}', 'fe74527e94bf7b86fe02d98c3ce8720cac1a159ec13c75d6db9b27ee287c7952', '6283f161ab1b5214990c33326b7bb94ab66b379b8f91032f4cdeaf690553907a');
INSERT INTO public.tkt_ledger VALUES (10, 10, 10, 'history', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'sup1', 'request_review', '{"reason":"仍不亮","stage":"复查"}', '6283f161ab1b5214990c33326b7bb94ab66b379b8f91032f4cdeaf690553907a', 'c3091ae4e90136b24191c49d4f16e365b492bed82e604c8dca07906163876793');
INSERT INTO public.tkt_ledger VALUES (11, 15, 1, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'op1', 'register', '{"number":"20250603-000002"}', '0000000000000000000000000000000000000000000000000000000000000000', 'c9f2c2cc08e0f0653e0b73c2327f40c7d1c04da583af28d54d67b7e6315932ef');
INSERT INTO public.tkt_ledger VALUES (12, 15, 2, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'sup1', 'view', '{"how":"dispatch"}', 'c9f2c2cc08e0f0653e0b73c2327f40c7d1c04da583af28d54d67b7e6315932ef', 'c73e5f829e7a2a2d75dba7d4ceaa798d6774678ca9208c0156bde41a10892519');
INSERT INTO public.tkt_ledger VALUES (13, 15, 3, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'sup1', 'dispatch', '{"given":{"units":["county"]},"works":[{"articles":["demo:7"],"due_at":"2025-06-17T23:59:59+08:00","limit":"fixed","mode":null,"provisional":false,"role":"lead","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}]}', 'c73e5f829e7a2a2d75dba7d4ceaa798d6774678ca9208c0156bde41a10892519', '74dbb650bd19d15fd6b1cd67b4d8bc5b6e5de52f906bfcddb63d1153151de574');
INSERT INTO public.tkt_ledger VALUES (14, 15, 4, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'county-handler', 'view', '{"how":"sign"}', '74dbb650bd19d15fd6b1cd67b4d8bc5b6e5de52f906bfcddb63d1153151de574', '509f6e8fa0bc7dbbca6ff7d33ccc2af47f61a9cf01bfa851cb5e7ae661736ee4');
INSERT INTO public.tkt_ledger VALUES (15, 15, 5, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'county-handler', 'sign', '{"unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', '509f6e8fa0bc7dbbca6ff7d33ccc2af47f61a9cf01bfa851cb5e7ae661736ee4', 'f242fc2097f82cf90d18d1a363e35b8f6b56118ea08ff535b3535efe5f1cd64a');
INSERT INTO public.tkt_ledger VALUES (16, 15, 6, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'insp1', 'view', '{"how":"open"}', 'f242fc2097f82cf90d18d1a363e35b8f6b56118ea08ff535b3535efe5f1cd64a', '0d64ad415932e2e3e234f896c60c1ba1a5cb49e35b8fdce32400e98e930e3b84');
INSERT INTO public.tkt_ledger VALUES (17, 15, 7, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'county-handler', 'view', '{"how":"request_extension"}', '0d64ad415932e2e3e234f896c60c1ba1a5cb49e35b8fdce32400e98e930e3b84', 'e6381ad3b2b20d08f2b6868ba8308bd630fe0a9dd36999efc5cc3c0c609ace2d');
INSERT INTO public.tkt_ledger VALUES (18, 15, 8, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'county-handler', 'request_extension', '{"days":2,"reason":"材料未到","request_id":"3f7e71d5-ed3d-4306-b015-3b24725702d3","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', 'e6381ad3b2b20d08f2b6868ba8308bd630fe0a9dd36999efc5cc3c0c609ace2d', 'dd59b6aca28561deefb00b58783a97d7d189a7b69e2b52a22edca27d50067297');
INSERT INTO public.tkt_ledger VALUES (19, 15, 9, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'sup1', 'view', '{"how":"approve_extension"}', 'dd59b6aca28561deefb00b58783a97d7d189a7b69e2b52a22edca27d50067297', '0af7896faa80102dc5f75034f004ed5e8a2e5335899b7951b73e7190c4bb0db0');
INSERT INTO public.tkt_ledger VALUES (20, 15, 10, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-06-03 01:00:00+00', 'sup1', 'approve_extension', '{"approved":true,"due_at":"2025-06-19T23:59:59+08:00","request_id":"3f7e71d5-ed3d-4306-b015-3b24725702d3","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', '0af7896faa80102dc5f75034f004ed5e8a2e5335899b7951b73e7190c4bb0db0', 'b1db98c7840880a9a34540e536912504d0c5b7553ca649ef1c4d8f6a2ec07050');
INSERT INTO public.tkt_ledger VALUES (21, 15, 11, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'system', 'becomes_overdue', '{"due_at":"2025-06-19T15:59:59+00:00","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', 'b1db98c7840880a9a34540e536912504d0c5b7553ca649ef1c4d8f6a2ec07050', '948837c08384ed474c2bfdafb53ec67ebded9646a317ebcfed10cc532ec2f44b');
INSERT INTO public.tkt_ledger VALUES (22, 15, 12, 'overdue', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'system', 'becomes_overdue', '{"due_at":"2025-06-19T15:59:59+00:00","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', '948837c08384ed474c2bfdafb53ec67ebded9646a317ebcfed10cc532ec2f44b', 'f8b702346d9c8ccd7617a78e67ac0ddf48681658cdb3da12997fdca5015990cc');
INSERT INTO public.tkt_ledger VALUES (23, 15, 13, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'view', '{"how":"urge"}', 'f8b702346d9c8ccd7617a78e67ac0ddf48681658cdb3da12997fdca5015990cc', 'b974c0af561128fd90f1b27fdb903a1848f5e260674b900864a467f3c6ec2bba');
INSERT INTO public.tkt_ledger VALUES (24, 15, 14, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'urge', '{"due_at":null,"order_id":"cd4a76ba-eee1-4c9a-a6a1-f9d68dfbc27c","text":"请办理","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', 'b974c0af561128fd90f1b27fdb903a1848f5e260674b900864a467f3c6ec2bba', '39ec355a30c6bdcc3811745e56c692eac710db029c558f276a3f197981147592');
INSERT INTO public.tkt_ledger VALUES (25, 15, 15, 'urge', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'urge', '{"due_at":null,"order_id":"cd4a76ba-eee1-4c9a-a6a1-f9d68dfbc27c","text":"请办理","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', '39ec355a30c6bdcc3811745e56c692eac710db029c558f276a3f197981147592', '8e73a0c09eaaa770a0f000c97ebb2a2672c4ce81d191a03880b7e52d5154abd4');
INSERT INTO public.tkt_ledger VALUES (26, 15, 16, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'view', '{"how":"urge"}', '8e73a0c09eaaa770a0f000c97ebb2a2672c4ce81d191a03880b7e52d5154abd4', 'fbb52634e2c9ef9d6875358719b948c6ef4e98a25e3a5ed85b04e2a319565361');
INSERT INTO public.tkt_ledger VALUES (27, 15, 17, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'urge', '{"due_at":null,"order_id":"dd38c91e-454e-4fb6-a7ba-3b42463276f2","text":"请办理","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', 'fbb52634e2c9ef9d6875358719b948c6ef4e98a25e3a5ed85b04e2a319565361', '09d7f1e4b6b57f1d5914cc16891aa32423bf28703f67e0096e888b5abb52d15a');
INSERT INTO public.tkt_ledger VALUES (28, 15, 18, 'urge', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'urge', '{"due_at":null,"order_id":"dd38c91e-454e-4fb6-a7ba-3b42463276f2","text":"请办理","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', '09d7f1e4b6b57f1d5914cc16891aa32423bf28703f67e0096e888b5abb52d15a', '6597f7b12eb2d8e2680e8daf38f1838bff4bd9df52213842ef462a3c84b28d8b');
INSERT INTO public.tkt_ledger VALUES (29, 15, 19, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'system', 'duty_arises', '{"act":"circular_criticism","duty_id":"ad9f2566-a7f8-4e42-b7a9-1056bda08451","mandatory":true,"rule":"urged_twice","src":["demo:24(1)"],"unit":"county"}', '6597f7b12eb2d8e2680e8daf38f1838bff4bd9df52213842ef462a3c84b28d8b', '5bd8aa27bd3fab1bb14621bea804b1e8edc0cde7ff110a8c61379703ffafaf05');
INSERT INTO public.tkt_ledger VALUES (30, 15, 20, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'view', '{"how":"supervise"}', '5bd8aa27bd3fab1bb14621bea804b1e8edc0cde7ff110a8c61379703ffafaf05', '46e718ceec2cb0b5c793bfda6e0a3fe01ac6d5e7d4b395022ed9a3afe46fe24f');
INSERT INTO public.tkt_ledger VALUES (31, 15, 21, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'supervise', '{"days":3,"due_at":"2025-08-04T23:59:59+08:00","ground":"overdue","opinion":"限期办理","order_id":"441b887a-26c5-4287-b482-8df18df65450","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', '46e718ceec2cb0b5c793bfda6e0a3fe01ac6d5e7d4b395022ed9a3afe46fe24f', 'a7b7332bef95b370b54f1874a49c5e1d97dff486021a35fde9f822c8991f64c5');
INSERT INTO public.tkt_ledger VALUES (32, 15, 22, 'supervise', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'supervise', '{"days":3,"due_at":"2025-08-04T23:59:59+08:00","ground":"overdue","opinion":"限期办理","order_id":"441b887a-26c5-4287-b482-8df18df65450","unit":"county","work_id":"565d4917-b9d4-4039-b22e-805c6d993f2f"}', 'a7b7332bef95b370b54f1874a49c5e1d97dff486021a35fde9f822c8991f64c5', '88b60f5ef1b8c3e5b991f340b1c8fb7feba12e2aafedb98410729c9071ea3f00');
INSERT INTO public.tkt_ledger VALUES (33, 15, 23, 'access', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'view', '{"how":"call_meeting"}', '88b60f5ef1b8c3e5b991f340b1c8fb7feba12e2aafedb98410729c9071ea3f00', '198eeb20c1115695911513a1bb4fbd6461189a81c1f2a55e3fbe6564dc04751a');
INSERT INTO public.tkt_ledger VALUES (34, 15, 24, 'history', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'call_meeting', '{"at":"2025-07-30T12:00:00+08:00","meeting_id":"4007ea6e-66bd-485d-81a3-ba93aa42fc10","place":"现场","units":["county"]}', '198eeb20c1115695911513a1bb4fbd6461189a81c1f2a55e3fbe6564dc04751a', 'b2c76d7832dba6c1de4644f672932ab00679283ca52c3c5144231471d57f2870');
INSERT INTO public.tkt_ledger VALUES (35, 15, 25, 'emergency', '0ceb0d07-61db-484a-be72-c37939722738', '2025-07-30 01:00:00+00', 'sup1', 'call_meeting', '{"at":"2025-07-30T12:00:00+08:00","meeting_id":"4007ea6e-66bd-485d-81a3-ba93aa42fc10","place":"现场","units":["county"]}', 'b2c76d7832dba6c1de4644f672932ab00679283ca52c3c5144231471d57f2870', 'fb15f67a2578067b75bb35bf7ae08b7cd1236580b9e59a9c808b8e84b0ab7e47');
INSERT INTO public.tkt_ledger VALUES (36, 1, 1, 'history', '95294460-75df-439e-ada9-7aa35d40b129', '2025-07-30 01:00:00+00', 'op1', 'register', '{"number":"20250730-000001"}', '0000000000000000000000000000000000000000000000000000000000000000', '825958946d75a1a05da6f53f846b8dcd5d813de024dede6db63709ce365aa700');
INSERT INTO public.tkt_meeting VALUES ('4007ea6e-66bd-485d-81a3-ba93aa42fc10', '0ceb0d07-61db-484a-be72-c37939722738', '现场', '2025-07-30 04:00:00+00', '["county"]', '{}');
INSERT INTO public.tkt_number_day VALUES ('20250603', 1);
INSERT INTO public.tkt_number_day VALUES ('20250730', 3);
INSERT INTO public.tkt_opinion VALUES ('b13111b2-a383-42bc-8afe-6ba1a41b9e28', '78d900f4-51d9-45d3-bda9-883269d2ec86', '2025-06-03 01:00:00+00', 'sup1', 'callback', 'satisfied', NULL, NULL, '');
INSERT INTO public.tkt_order VALUES ('cd4a76ba-eee1-4c9a-a6a1-f9d68dfbc27c', 1, '0ceb0d07-61db-484a-be72-c37939722738', '565d4917-b9d4-4039-b22e-805c6d993f2f', 'county', 'urge', NULL, NULL, '请办理', 'done', '2025-07-30 01:00:00+00', 'sup1', NULL, NULL, NULL, NULL);
INSERT INTO public.tkt_order VALUES ('dd38c91e-454e-4fb6-a7ba-3b42463276f2', 2, '0ceb0d07-61db-484a-be72-c37939722738', '565d4917-b9d4-4039-b22e-805c6d993f2f', 'county', 'urge', NULL, NULL, '请办理', 'done', '2025-07-30 01:00:00+00', 'sup1', NULL, NULL, NULL, NULL);
INSERT INTO public.tkt_order VALUES ('441b887a-26c5-4287-b482-8df18df65450', 3, '0ceb0d07-61db-484a-be72-c37939722738', '565d4917-b9d4-4039-b22e-805c6d993f2f', 'county', 'supervise', NULL, 'overdue', '限期办理', 'open', '2025-07-30 01:00:00+00', 'sup1', '2025-08-04 15:59:59+00', NULL, NULL, NULL);
INSERT INTO public.tkt_outbox VALUES (1, 'ticket_created', '{"number": "20250603-000001", "status": "registered", "version": 1, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (2, 'work_delivered', '{"unit": "bureau", "number": "20250603-000001", "status": "delivered", "version": 2, "work_id": "13733801-015b-4658-bec2-ef276b43167e", "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (3, 'ticket_dispatched', '{"number": "20250603-000001", "status": "delivered", "version": 2, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (4, 'work_signed', '{"unit": "bureau", "number": "20250603-000001", "status": "signed", "version": 3, "work_id": "13733801-015b-4658-bec2-ef276b43167e", "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (5, 'work_reported', '{"unit": "bureau", "number": "20250603-000001", "status": "centre_review", "version": 4, "work_id": "13733801-015b-4658-bec2-ef276b43167e", "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (6, 'ticket_reported', '{"number": "20250603-000001", "status": "centre_review", "version": 4, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (7, 'work_accepted', '{"unit": "bureau", "number": "20250603-000001", "status": "callback", "version": 5, "work_id": "13733801-015b-4658-bec2-ef276b43167e", "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (8, 'ticket_reviewed', '{"number": "20250603-000001", "status": "callback", "version": 5, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (9, 'ticket_called_back', '{"number": "20250603-000001", "status": "callback", "version": 6, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (10, 'satisfaction_asked', '{"via": "短信", "number": "20250603-000001", "status": "closed", "version": 7, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (11, 'ticket_closed', '{"number": "20250603-000001", "status": "closed", "version": 7, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (12, 'ticket_review_requested', '{"number": "20250603-000001", "status": "review_requested", "version": 8, "ticket_id": "78d900f4-51d9-45d3-bda9-883269d2ec86"}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (13, 'ticket_created', '{"number": "20250603-000002", "status": "registered", "version": 1, "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (14, 'work_delivered', '{"unit": "county", "number": "20250603-000002", "status": "delivered", "version": 2, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (15, 'ticket_dispatched', '{"number": "20250603-000002", "status": "delivered", "version": 2, "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (16, 'work_signed', '{"unit": "county", "number": "20250603-000002", "status": "signed", "version": 3, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (17, 'extension_requested', '{"unit": "county", "number": "20250603-000002", "status": "extension_requested", "version": 4, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (18, 'extension_decided', '{"unit": "county", "number": "20250603-000002", "status": "handling", "version": 5, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-06-03 01:00:00+00', 'waiting', '2025-06-03 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (19, 'work_due_soon', '{"unit": "county", "number": "20250603-000002", "status": "handling", "version": 5, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (20, 'work_overdue', '{"unit": "county", "number": "20250603-000002", "status": "handling", "version": 6, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (21, 'work_urged', '{"unit": "county", "number": "20250603-000002", "status": "handling", "version": 7, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (22, 'work_urged', '{"unit": "county", "number": "20250603-000002", "status": "handling", "version": 8, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (23, 'duty_created', '{"act": "circular_criticism", "number": "20250603-000002", "status": "handling", "duty_id": "ad9f2566-a7f8-4e42-b7a9-1056bda08451", "version": 8, "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (24, 'work_supervised', '{"unit": "county", "number": "20250603-000002", "status": "handling", "version": 9, "work_id": "565d4917-b9d4-4039-b22e-805c6d993f2f", "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (25, 'meeting_called', '{"number": "20250603-000002", "status": "handling", "version": 10, "protected": true, "ticket_id": "0ceb0d07-61db-484a-be72-c37939722738", "hidden_from": ["op9"]}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_outbox VALUES (26, 'ticket_created', '{"number": "20250730-000001", "status": "registered", "version": 1, "ticket_id": "95294460-75df-439e-ada9-7aa35d40b129"}', '2025-07-30 01:00:00+00', 'waiting', '2025-07-30 01:00:00+00', 0, NULL);
INSERT INTO public.tkt_recusal VALUES ('值x', '值x', '值x', '值x', '值x', '2025-06-03 01:00:00+00', '值x', '2025-06-03 01:00:00+00');
INSERT INTO public.tkt_report VALUES ('55d95e8c-f60e-414a-bf3e-bae7cf106740', '78d900f4-51d9-45d3-bda9-883269d2ec86', '13733801-015b-4658-bec2-ef276b43167e', '2025-06-03 01:00:00+00', 'bureau-leader', '已修好', '路灯已修复', true, '{"seal": "seal-1", "leader": "李四", "signature": "张三", "satisfaction": "satisfied", "closing_report": "结案报告", "attachments_covered": ["a1"]}');
INSERT INTO public.tkt_request VALUES ('3f7e71d5-ed3d-4306-b015-3b24725702d3', 1, '0ceb0d07-61db-484a-be72-c37939722738', '565d4917-b9d4-4039-b22e-805c6d993f2f', 'extension', '材料未到', 2, 'approved', '2025-06-03 01:00:00+00', 'county-handler', '2025-06-03 01:00:00+00', 'sup1', NULL);
INSERT INTO public.tkt_setting VALUES ('值x', '{"k": ["值", 1]}', 7, '2025-06-03 01:00:00+00', '值x');
INSERT INTO public.tkt_setting_change VALUES (7, '值x');
INSERT INTO public.tkt_ticket VALUES ('78d900f4-51d9-45d3-bda9-883269d2ec86', '20250603-000001', 'review_requested', 'complaint', '', '路灯不亮', '', '', '', '', '8613800138000', 'call-1', false, 'op1', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', 8, '2025-06-17 15:59:59+00', 'bureau', 'review_requested', 'demo', '2020', 'citizen', NULL, NULL, false, '2025-06-17 15:59:59+00', '2025-06-03 01:00:00+00', NULL, false, false, NULL, false, false, NULL, NULL, NULL, NULL, '路灯已修复', 'satisfied', 1, '["a1"]', NULL, NULL);
INSERT INTO public.tkt_ticket VALUES ('0ceb0d07-61db-484a-be72-c37939722738', '20250603-000002', 'handling', 'complaint', '', '工地夜间施工', '', '', '', '', '', NULL, true, 'op1', '2025-06-03 01:00:00+00', '2025-07-30 01:00:00+00', 10, '2025-06-19 15:59:59+00', 'county', 'dispatched', 'demo', '2020', 'citizen', NULL, '2025-06-17 16:00:00+00', false, '2025-06-19 15:59:59+00', NULL, NULL, false, false, NULL, false, false, NULL, 'op9', NULL, NULL, '', NULL, 0, '[]', NULL, NULL);
INSERT INTO public.tkt_ticket VALUES ('95294460-75df-439e-ada9-7aa35d40b129', '20250730-000001', 'registered', 'inquiry', '', '咨询办证', '', '', '', '', '', NULL, false, 'op1', '2025-07-30 01:00:00+00', '2025-07-30 01:00:00+00', 1, NULL, NULL, 'registered', 'demo', '2020', 'citizen', NULL, NULL, false, NULL, NULL, NULL, false, false, NULL, false, false, NULL, NULL, NULL, NULL, '', NULL, 0, '[]', NULL, NULL);
INSERT INTO public.tkt_work VALUES ('13733801-015b-4658-bec2-ef276b43167e', 1, '78d900f4-51d9-45d3-bda9-883269d2ec86', NULL, 'bureau', 'lead', 1, 'accepted', NULL, '[1, 2]', '["a1"]', '2025-06-03 01:00:00+00', 'sup1', '2025-06-03 01:00:00+00', '2025-06-03 01:00:00+00', NULL, '2025-06-17 15:59:59+00', NULL, '2025-06-03 03:00:00+00', '2025-06-04 15:59:59+00', '2025-06-15 16:00:00+00', false, '{"src": ["demo:7"], "days": null, "note": null, "basis": null, "limit": {"unit": "wd", "amount": 10, "target": null, "article": "demo:7"}, "start": "2025-06-03T09:00:00+08:00", "pauses": [], "status": "fixed", "version": "2020", "extensions": []}', 0, NULL, false, false, 0, NULL, false);
INSERT INTO public.tkt_work VALUES ('565d4917-b9d4-4039-b22e-805c6d993f2f', 1, '0ceb0d07-61db-484a-be72-c37939722738', NULL, 'county', 'lead', 1, 'handling', NULL, '[]', '[]', '2025-06-03 01:00:00+00', 'sup1', '2025-06-03 01:00:00+00', NULL, NULL, '2025-06-19 15:59:59+00', NULL, '2025-06-03 03:00:00+00', '2025-06-04 15:59:59+00', '2025-06-17 16:00:00+00', false, '{"src": ["demo:7"], "days": null, "note": null, "basis": null, "limit": {"unit": "wd", "amount": 10, "target": null, "article": "demo:7"}, "start": "2025-06-03T09:00:00+08:00", "pauses": [], "status": "fixed", "version": "2020", "extensions": [{"unit": "wd", "amount": 2, "article": "demo:11", "approved": "2025-06-03T09:00:00+08:00"}]}', 1, NULL, false, true, 0, NULL, true);
SELECT pg_catalog.setval('public.cti_agent_state_state_id_seq', 1, false);
SELECT pg_catalog.setval('public.cti_fact_fact_id_seq', 1, false);
SELECT pg_catalog.setval('public.desk_access_access_id_seq', 1, false);
SELECT pg_catalog.setval('public.rec_ledger_seq_seq', 1, false);
SELECT pg_catalog.setval('public.rec_mark_mark_id_seq', 1, false);
SELECT pg_catalog.setval('public.rec_segment_segment_id_seq', 1, false);
SELECT pg_catalog.setval('public.tkt_ledger_entry_id_seq', 36, true);
SELECT pg_catalog.setval('public.tkt_outbox_outbox_id_seq', 26, true);
SELECT pg_catalog.setval('public.tkt_setting_change_change_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.cti_agent
    ADD CONSTRAINT cti_agent_extension_key UNIQUE (extension);
ALTER TABLE ONLY public.cti_agent
    ADD CONSTRAINT cti_agent_pkey PRIMARY KEY (agent_id);
ALTER TABLE ONLY public.cti_agent_state
    ADD CONSTRAINT cti_agent_state_pkey PRIMARY KEY (state_id);
ALTER TABLE ONLY public.cti_call
    ADD CONSTRAINT cti_call_pkey PRIMARY KEY (contact_id);
ALTER TABLE ONLY public.cti_fact
    ADD CONSTRAINT cti_fact_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.cti_fact
    ADD CONSTRAINT cti_fact_pkey PRIMARY KEY (fact_id);
ALTER TABLE ONLY public.desk_access
    ADD CONSTRAINT desk_access_pkey PRIMARY KEY (access_id);
ALTER TABLE ONLY public.desk_session
    ADD CONSTRAINT desk_session_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.desk_throttle
    ADD CONSTRAINT desk_throttle_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.desk_user
    ADD CONSTRAINT desk_user_agent_id_key UNIQUE (agent_id);
ALTER TABLE ONLY public.desk_user
    ADD CONSTRAINT desk_user_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.desk_user
    ADD CONSTRAINT desk_user_username_key UNIQUE (username);
ALTER TABLE ONLY public.rec_alarm
    ADD CONSTRAINT rec_alarm_pkey PRIMARY KEY (alarm_id);
ALTER TABLE ONLY public.rec_contact
    ADD CONSTRAINT rec_contact_pkey PRIMARY KEY (contact_id);
ALTER TABLE ONLY public.rec_file
    ADD CONSTRAINT rec_file_path_key UNIQUE (path);
ALTER TABLE ONLY public.rec_file
    ADD CONSTRAINT rec_file_pkey PRIMARY KEY (recording_id, role);
ALTER TABLE ONLY public.rec_hold
    ADD CONSTRAINT rec_hold_pkey PRIMARY KEY (hold_id);
ALTER TABLE ONLY public.rec_ledger
    ADD CONSTRAINT rec_ledger_entry_id_key UNIQUE (entry_id);
ALTER TABLE ONLY public.rec_ledger
    ADD CONSTRAINT rec_ledger_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.rec_mark
    ADD CONSTRAINT rec_mark_pkey PRIMARY KEY (mark_id);
ALTER TABLE ONLY public.rec_play
    ADD CONSTRAINT rec_play_pkey PRIMARY KEY (play_id);
ALTER TABLE ONLY public.rec_recording
    ADD CONSTRAINT rec_recording_pkey PRIMARY KEY (recording_id);
ALTER TABLE ONLY public.rec_seal
    ADD CONSTRAINT rec_seal_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.rec_segment
    ADD CONSTRAINT rec_segment_pkey PRIMARY KEY (segment_id);
ALTER TABLE ONLY public.rec_transcript
    ADD CONSTRAINT rec_transcript_pkey PRIMARY KEY (transcript_id);
ALTER TABLE ONLY public.tkt_chain
    ADD CONSTRAINT tkt_chain_pkey PRIMARY KEY (chain);
ALTER TABLE ONLY public.tkt_draft
    ADD CONSTRAINT tkt_draft_pkey PRIMARY KEY (agent_id, contact_id);
ALTER TABLE ONLY public.tkt_duty
    ADD CONSTRAINT tkt_duty_once UNIQUE (scope, rule, act);
ALTER TABLE ONLY public.tkt_duty
    ADD CONSTRAINT tkt_duty_pkey PRIMARY KEY (duty_id);
ALTER TABLE ONLY public.tkt_idempotency
    ADD CONSTRAINT tkt_idempotency_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.tkt_item
    ADD CONSTRAINT tkt_item_pkey PRIMARY KEY (ticket_id, ordinal);
ALTER TABLE ONLY public.tkt_ledger
    ADD CONSTRAINT tkt_ledger_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY public.tkt_ledger
    ADD CONSTRAINT tkt_ledger_position UNIQUE (chain, "position");
ALTER TABLE ONLY public.tkt_meeting
    ADD CONSTRAINT tkt_meeting_pkey PRIMARY KEY (meeting_id);
ALTER TABLE ONLY public.tkt_number_day
    ADD CONSTRAINT tkt_number_day_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.tkt_opinion
    ADD CONSTRAINT tkt_opinion_pkey PRIMARY KEY (opinion_id);
ALTER TABLE ONLY public.tkt_order
    ADD CONSTRAINT tkt_order_pkey PRIMARY KEY (order_id);
ALTER TABLE ONLY public.tkt_outbox
    ADD CONSTRAINT tkt_outbox_pkey PRIMARY KEY (outbox_id);
ALTER TABLE ONLY public.tkt_recusal
    ADD CONSTRAINT tkt_recusal_pkey PRIMARY KEY (recusal_id);
ALTER TABLE ONLY public.tkt_report
    ADD CONSTRAINT tkt_report_pkey PRIMARY KEY (report_id);
ALTER TABLE ONLY public.tkt_request
    ADD CONSTRAINT tkt_request_pkey PRIMARY KEY (request_id);
ALTER TABLE ONLY public.tkt_setting_change
    ADD CONSTRAINT tkt_setting_change_pkey PRIMARY KEY (change_id);
ALTER TABLE ONLY public.tkt_setting
    ADD CONSTRAINT tkt_setting_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.tkt_ticket
    ADD CONSTRAINT tkt_ticket_number_key UNIQUE (number);
ALTER TABLE ONLY public.tkt_ticket
    ADD CONSTRAINT tkt_ticket_pkey PRIMARY KEY (ticket_id);
ALTER TABLE ONLY public.tkt_work
    ADD CONSTRAINT tkt_work_pkey PRIMARY KEY (work_id);
ALTER TABLE ONLY public.rec_recording
    ADD CONSTRAINT uq_rec_recording_contact UNIQUE (contact_id, kind, part);
ALTER TABLE ONLY public.rec_transcript
    ADD CONSTRAINT uq_rec_transcript_version UNIQUE (recording_id, version);
CREATE INDEX ix_cti_agent_state_agent ON public.cti_agent_state USING btree (agent_id, began_at);
CREATE INDEX ix_cti_call_agent_id ON public.cti_call USING btree (agent_id);
CREATE INDEX ix_cti_call_arrived_at ON public.cti_call USING btree (arrived_at);
CREATE INDEX ix_cti_call_call_id ON public.cti_call USING btree (call_id);
CREATE INDEX ix_cti_call_caller_key ON public.cti_call USING btree (caller_key);
CREATE INDEX ix_cti_call_ended_at ON public.cti_call USING btree (ended_at);
CREATE INDEX ix_cti_fact_at ON public.cti_fact USING btree (at);
CREATE INDEX ix_cti_fact_contact ON public.cti_fact USING btree (contact_id, fact_id);
CREATE INDEX ix_desk_access_object ON public.desk_access USING btree (what, object_id);
CREATE INDEX ix_desk_access_user ON public.desk_access USING btree (user_id, at);
CREATE INDEX ix_desk_session_expires_at ON public.desk_session USING btree (expires_at);
CREATE INDEX ix_desk_session_user_id ON public.desk_session USING btree (user_id);
CREATE INDEX ix_rec_alarm_open ON public.rec_alarm USING btree (cleared_at, kind);
CREATE INDEX ix_rec_hold_contact ON public.rec_hold USING btree (contact_id);
CREATE INDEX ix_rec_ledger_recording ON public.rec_ledger USING btree (recording_id);
CREATE INDEX ix_rec_ledger_seal ON public.rec_ledger USING btree (seal_number);
CREATE INDEX ix_rec_mark_contact ON public.rec_mark USING btree (contact_id, at);
CREATE INDEX ix_rec_play_open ON public.rec_play USING btree (closed_at);
CREATE INDEX ix_rec_play_recording ON public.rec_play USING btree (recording_id, began_at);
CREATE INDEX ix_rec_recording_created ON public.rec_recording USING btree (created_at);
CREATE INDEX ix_rec_recording_listening ON public.rec_recording USING btree (listening, state);
CREATE INDEX ix_rec_recording_work ON public.rec_recording USING btree (state, next_try_at);
CREATE INDEX ix_rec_segment_recording ON public.rec_segment USING btree (recording_id, start);
CREATE INDEX ix_rec_segment_transcript_id ON public.rec_segment USING btree (transcript_id);
CREATE INDEX ix_rec_transcript_work ON public.rec_transcript USING btree (state, priority, created_at);
CREATE INDEX tkt_duty_open ON public.tkt_duty USING btree (status, created_at);
CREATE INDEX tkt_duty_ticket ON public.tkt_duty USING btree (ticket_id);
CREATE INDEX tkt_idempotency_age ON public.tkt_idempotency USING btree (created_at);
CREATE INDEX tkt_ledger_ticket ON public.tkt_ledger USING btree (ticket_id, ledger, entry_id);
CREATE INDEX tkt_meeting_ticket ON public.tkt_meeting USING btree (ticket_id);
CREATE INDEX tkt_opinion_ticket ON public.tkt_opinion USING btree (ticket_id, at);
CREATE INDEX tkt_order_due ON public.tkt_order USING btree (status, due_at);
CREATE INDEX tkt_order_ticket ON public.tkt_order USING btree (ticket_id, kind);
CREATE INDEX tkt_outbox_due ON public.tkt_outbox USING btree (state, due_at);
CREATE INDEX tkt_recusal_scope ON public.tkt_recusal USING btree (scope, scope_id);
CREATE INDEX tkt_recusal_user ON public.tkt_recusal USING btree (user_id);
CREATE INDEX tkt_report_ticket ON public.tkt_report USING btree (ticket_id);
CREATE INDEX tkt_report_work ON public.tkt_report USING btree (work_id, filed_at);
CREATE INDEX tkt_request_pending ON public.tkt_request USING btree (status, filed_at);
CREATE INDEX tkt_request_ticket ON public.tkt_request USING btree (ticket_id);
CREATE INDEX tkt_ticket_caller ON public.tkt_ticket USING btree (caller_key, created_at DESC);
CREATE INDEX tkt_ticket_contact ON public.tkt_ticket USING btree (contact_id);
CREATE INDEX tkt_ticket_due ON public.tkt_ticket USING btree (due_at);
CREATE INDEX tkt_ticket_matter ON public.tkt_ticket USING btree (matter_id);
CREATE INDEX tkt_ticket_newest ON public.tkt_ticket USING btree (created_at DESC, ticket_id DESC);
CREATE INDEX tkt_ticket_status_newest ON public.tkt_ticket USING btree (status, created_at DESC, ticket_id DESC);
CREATE INDEX tkt_ticket_unit_newest ON public.tkt_ticket USING btree (unit, created_at DESC, ticket_id DESC);
CREATE INDEX tkt_ticket_wake ON public.tkt_ticket USING btree (wake_at);
CREATE INDEX tkt_work_check ON public.tkt_work USING btree (next_check);
CREATE INDEX tkt_work_provisional ON public.tkt_work USING btree (provisional);
CREATE INDEX tkt_work_ticket ON public.tkt_work USING btree (ticket_id, serial);
CREATE INDEX tkt_work_unit ON public.tkt_work USING btree (unit_id, status, due_at);
ALTER TABLE ONLY public.rec_file
    ADD CONSTRAINT rec_file_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.rec_recording(recording_id);
ALTER TABLE ONLY public.rec_segment
    ADD CONSTRAINT rec_segment_transcript_id_fkey FOREIGN KEY (transcript_id) REFERENCES public.rec_transcript(transcript_id);
ALTER TABLE ONLY public.rec_transcript
    ADD CONSTRAINT rec_transcript_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.rec_recording(recording_id);
