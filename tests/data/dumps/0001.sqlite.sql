BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE cti_agent (
	agent_id VARCHAR(80) NOT NULL, 
	extension VARCHAR(20) NOT NULL, 
	display_name VARCHAR(200) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	queues JSON NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	PRIMARY KEY (agent_id), 
	UNIQUE (extension)
);
INSERT INTO "cti_agent" VALUES('值x','值x','值x','值x','{"k": ["\u503c", 1]}',1);
CREATE TABLE cti_agent_state (
	state_id INTEGER NOT NULL, 
	agent_id VARCHAR(80) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	reason TEXT NOT NULL, 
	contact_id VARCHAR(64), 
	began_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	PRIMARY KEY (state_id)
);
INSERT INTO "cti_agent_state" VALUES(7,'值x','值x','值x','值x','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000');
CREATE TABLE cti_call (
	contact_id VARCHAR(64) NOT NULL, 
	call_id VARCHAR(64) NOT NULL, 
	linkedid VARCHAR(64) NOT NULL, 
	caller_number VARCHAR(80) NOT NULL, 
	caller_key VARCHAR(40) NOT NULL, 
	caller_name VARCHAR(200) NOT NULL, 
	dialled VARCHAR(80) NOT NULL, 
	city VARCHAR(40) NOT NULL, 
	queue VARCHAR(80) NOT NULL, 
	menu_path VARCHAR(200) NOT NULL, 
	originated BOOLEAN NOT NULL, 
	arrived_at DATETIME NOT NULL, 
	queued_at DATETIME, 
	ringing_at DATETIME, 
	answered_at DATETIME, 
	ended_at DATETIME, 
	agent_id VARCHAR(80), 
	wait_seconds DOUBLE, 
	talk_seconds DOUBLE, 
	end_reason VARCHAR(40), 
	abandoned_position INTEGER, 
	merged_into VARCHAR(64), 
	PRIMARY KEY (contact_id)
);
INSERT INTO "cti_call" VALUES('值x','值x','值x','值x','值x','值x','值x','值x','值x','值x',1,'2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','值x',1.5,1.5,'值x',7,'值x');
CREATE TABLE cti_fact (
	fact_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	contact_id VARCHAR(64) NOT NULL, 
	body JSON NOT NULL, 
	PRIMARY KEY (fact_id), 
	UNIQUE (digest)
);
INSERT INTO "cti_fact" VALUES(7,'值x','值x','2025-06-03 01:00:00.000000','值x','{"k": ["\u503c", 1]}');
CREATE TABLE desk_access (
	access_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	session VARCHAR(16) NOT NULL, 
	what VARCHAR(24) NOT NULL, 
	object_id VARCHAR(64) NOT NULL, 
	PRIMARY KEY (access_id)
);
INSERT INTO "desk_access" VALUES(7,'2025-06-03 01:00:00.000000','值x','值x','值x','值x');
CREATE TABLE desk_session (
	token_hash VARCHAR(64) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (token_hash)
);
INSERT INTO "desk_session" VALUES('值x','值x','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000');
CREATE TABLE desk_throttle (
	"key" VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "desk_throttle" VALUES('值x',7,'2025-06-03 01:00:00.000000');
CREATE TABLE desk_user (
	user_id VARCHAR(36) NOT NULL, 
	username VARCHAR(64) NOT NULL, 
	display_name VARCHAR(64) NOT NULL, 
	password_hash VARCHAR(255) NOT NULL, 
	roles JSON NOT NULL, 
	agent_id VARCHAR(80), 
	unit_id VARCHAR(64), 
	enabled BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (user_id), 
	UNIQUE (agent_id), 
	UNIQUE (username)
);
INSERT INTO "desk_user" VALUES('值x','值x','值x','值x','{"k": ["\u503c", 1]}','值x','值x',1,'2025-06-03 01:00:00.000000');
CREATE TABLE rec_alarm (
	alarm_id VARCHAR(36) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	recording_id VARCHAR(36), 
	raised_at DATETIME NOT NULL, 
	last_at DATETIME NOT NULL, 
	times INTEGER NOT NULL, 
	cleared_at DATETIME, 
	cleared_by VARCHAR(80), 
	PRIMARY KEY (alarm_id)
);
INSERT INTO "rec_alarm" VALUES('值x','值x','值x','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000',7,'2025-06-03 01:00:00.000000','值x');
CREATE TABLE rec_contact (
	contact_id VARCHAR(36) NOT NULL, 
	queue VARCHAR(80), 
	category VARCHAR(80), 
	result VARCHAR(40), 
	agent_ids JSON NOT NULL, 
	confidential BOOLEAN NOT NULL, 
	named JSON NOT NULL, 
	PRIMARY KEY (contact_id)
);
INSERT INTO "rec_contact" VALUES('值x','值x','值x','值x','{"k": ["\u503c", 1]}',1,'{"k": ["\u503c", 1]}');
CREATE TABLE rec_file (
	recording_id VARCHAR(36) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	path VARCHAR(200) NOT NULL, 
	format VARCHAR(8) NOT NULL, 
	bytes BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	stored_at DATETIME NOT NULL, 
	key_id VARCHAR(8), 
	PRIMARY KEY (recording_id, role), 
	FOREIGN KEY(recording_id) REFERENCES rec_recording (recording_id), 
	UNIQUE (path)
);
INSERT INTO "rec_file" VALUES('值x','值x','值x','值x',7,'值x','2025-06-03 01:00:00.000000','值x');
CREATE TABLE rec_hold (
	hold_id VARCHAR(36) NOT NULL, 
	contact_id VARCHAR(36) NOT NULL, 
	reason TEXT NOT NULL, 
	placed_by VARCHAR(80) NOT NULL, 
	placed_at DATETIME NOT NULL, 
	lifted_by VARCHAR(80), 
	lifted_at DATETIME, 
	lift_reason TEXT, 
	PRIMARY KEY (hold_id)
);
INSERT INTO "rec_hold" VALUES('值x','值x','值x','值x','2025-06-03 01:00:00.000000','值x','2025-06-03 01:00:00.000000','值x');
CREATE TABLE rec_ledger (
	seq INTEGER NOT NULL, 
	entry_id VARCHAR(36) NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	recording_id VARCHAR(36), 
	person VARCHAR(80), 
	text TEXT NOT NULL, 
	leaf VARCHAR(64) NOT NULL, 
	seal_number INTEGER, 
	PRIMARY KEY (seq), 
	UNIQUE (entry_id)
);
INSERT INTO "rec_ledger" VALUES(7,'值x','2025-06-03 01:00:00.000000','值x','值x','值x','值x','值x',7);
CREATE TABLE rec_mark (
	mark_id INTEGER NOT NULL, 
	contact_id VARCHAR(36) NOT NULL, 
	at DATETIME NOT NULL, 
	label VARCHAR(16) NOT NULL, 
	who VARCHAR(80), 
	PRIMARY KEY (mark_id)
);
INSERT INTO "rec_mark" VALUES(7,'值x','2025-06-03 01:00:00.000000','值x','值x');
CREATE TABLE rec_play (
	play_id VARCHAR(36) NOT NULL, 
	recording_id VARCHAR(36) NOT NULL, 
	person VARCHAR(80) NOT NULL, 
	reason TEXT NOT NULL, 
	purpose VARCHAR(16) NOT NULL, 
	began_at DATETIME NOT NULL, 
	last_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	heard JSON NOT NULL, 
	PRIMARY KEY (play_id)
);
INSERT INTO "rec_play" VALUES('值x','值x','值x','值x','值x','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','{"k": ["\u503c", 1]}');
CREATE TABLE rec_recording (
	recording_id VARCHAR(36) NOT NULL, 
	contact_id VARCHAR(36) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	part INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	problem VARCHAR(64), 
	alarms JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	ready_at DATETIME, 
	expected_seconds FLOAT, 
	seconds FLOAT, 
	channels INTEGER, 
	transcript_state VARCHAR(16) NOT NULL, 
	call_over BOOLEAN NOT NULL, 
	spool_files JSON NOT NULL, 
	spool_dropped BOOLEAN NOT NULL, 
	listening VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	next_try_at DATETIME, 
	claimed_until DATETIME, 
	claim_token VARCHAR(36), 
	PRIMARY KEY (recording_id), 
	CONSTRAINT uq_rec_recording_contact UNIQUE (contact_id, kind, part)
);
INSERT INTO "rec_recording" VALUES('值x','值x','值x',7,'值x','值x','{"k": ["\u503c", 1]}','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000',1.5,1.5,7,'值x',1,'{"k": ["\u503c", 1]}',1,'值x',7,7,'2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','值x');
CREATE TABLE rec_seal (
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	signature VARCHAR(128) NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "rec_seal" VALUES(7,'值x','值x','值x');
CREATE TABLE rec_segment (
	segment_id INTEGER NOT NULL, 
	transcript_id VARCHAR(36) NOT NULL, 
	recording_id VARCHAR(36) NOT NULL, 
	leg VARCHAR(8) NOT NULL, 
	start FLOAT NOT NULL, 
	"end" FLOAT NOT NULL, 
	text TEXT NOT NULL, 
	conf FLOAT, 
	words JSON NOT NULL, 
	PRIMARY KEY (segment_id), 
	FOREIGN KEY(transcript_id) REFERENCES rec_transcript (transcript_id)
);
INSERT INTO "rec_segment" VALUES(7,'值x','值x','值x',1.5,1.5,'值x',1.5,'{"k": ["\u503c", 1]}');
CREATE TABLE rec_transcript (
	transcript_id VARCHAR(36) NOT NULL, 
	recording_id VARCHAR(36) NOT NULL, 
	version INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	priority INTEGER NOT NULL, 
	problem VARCHAR(64), 
	engine VARCHAR(32), 
	model VARCHAR(128), 
	created_at DATETIME NOT NULL, 
	done_at DATETIME, 
	figures JSON NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_try_at DATETIME, 
	claimed_until DATETIME, 
	claim_token VARCHAR(36), 
	PRIMARY KEY (transcript_id), 
	FOREIGN KEY(recording_id) REFERENCES rec_recording (recording_id), 
	CONSTRAINT uq_rec_transcript_version UNIQUE (recording_id, version)
);
INSERT INTO "rec_transcript" VALUES('值x','值x',7,'值x',7,'值x','值x','值x','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','{"k": ["\u503c", 1]}',7,'2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000','值x');
CREATE TABLE tkt_chain (
	chain INTEGER NOT NULL, 
	position BIGINT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (chain)
);
INSERT INTO "tkt_chain" VALUES(4,1,'0a72eada2e7f78265244e3fe0790fe20c28f0d57414444bfe629e06e5aaf58af');
INSERT INTO "tkt_chain" VALUES(5,25,'1ea085377d4e6b34674bef8947831f551062fb0da33514ceef128b9453060f36');
INSERT INTO "tkt_chain" VALUES(12,10,'5e81151968a398af448364a55c4430773d69d5053137d5c728c06aca86770d1c');
CREATE TABLE tkt_draft (
	agent_id VARCHAR(64) NOT NULL, 
	contact_id VARCHAR(64) NOT NULL, 
	body JSON NOT NULL, 
	version INTEGER NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (agent_id, contact_id)
);
INSERT INTO "tkt_draft" VALUES('agent1','call-2','{"title": "\u672a\u5199\u5b8c"}',1,'2025-07-30 01:00:00.000000');
CREATE TABLE tkt_duty (
	duty_id VARCHAR(36) NOT NULL, 
	scope VARCHAR(160) NOT NULL, 
	rule VARCHAR(80) NOT NULL, 
	act VARCHAR(40) NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	unit_id VARCHAR(64), 
	mandatory BOOLEAN NOT NULL, 
	confirm JSON NOT NULL, 
	src JSON NOT NULL, 
	why TEXT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	created_at DATETIME NOT NULL, 
	decided_at DATETIME, 
	decided_by VARCHAR(64), 
	note TEXT, 
	PRIMARY KEY (duty_id), 
	CONSTRAINT tkt_duty_once UNIQUE (scope, rule, act)
);
INSERT INTO "tkt_duty" VALUES('bb45769b-f7ad-413c-9115-fc35740fb951','work:c2494b82-e577-4548-9a82-1e8ce77a1c29','urged_twice','circular_criticism','dce766e7-45c9-464a-baad-1457824f8191','county',1,'[]','["demo:24(1)"]','','open','2025-07-30 01:00:00.000000',NULL,NULL,NULL);
CREATE TABLE tkt_idempotency (
	"key" VARCHAR(200) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "tkt_idempotency" VALUES('k0','28ead1b43635bdc91f9d2de7a46edd1411a24ac44b35fc3e06404fb68b460b8a','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000');
INSERT INTO "tkt_idempotency" VALUES('k1','0fa5114a34b9ce5da46800c0b9c792a58f031d0774f2a3d675f2534d734e4fad','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000');
INSERT INTO "tkt_idempotency" VALUES('k2','48fd2b3eda6b5c46c8935b9b27495fee3f9f9b58b6737f660dffd3e32899c31a','21b3b947-8549-4fbd-9dc8-681c53d35f41','2025-07-30 01:00:00.000000');
CREATE TABLE tkt_item (
	ticket_id VARCHAR(36) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	result TEXT, 
	evidence TEXT, 
	law_basis TEXT, 
	resolved BOOLEAN, 
	by_unit VARCHAR(64), 
	PRIMARY KEY (ticket_id, ordinal)
);
INSERT INTO "tkt_item" VALUES('d6cb90e3-1afe-40c3-93cb-1d190666f0bc',1,'路灯不亮',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tkt_item" VALUES('d6cb90e3-1afe-40c3-93cb-1d190666f0bc',2,'树枝挡光',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE tkt_ledger (
	entry_id INTEGER NOT NULL, 
	chain INTEGER NOT NULL, 
	position BIGINT NOT NULL, 
	ledger VARCHAR(20) NOT NULL, 
	ticket_id VARCHAR(120) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	verb VARCHAR(40) NOT NULL, 
	body TEXT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (entry_id), 
	CONSTRAINT tkt_ledger_position UNIQUE (chain, position)
);
INSERT INTO "tkt_ledger" VALUES(1,12,1,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','op1','register','{"number":"20250603-000001"}','0000000000000000000000000000000000000000000000000000000000000000','1f00e572452f099f5111643ca7a0b25a4ab5be7abde760d6faa2880dbe3f58f5');
INSERT INTO "tkt_ledger" VALUES(2,12,2,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','sup1','dispatch','{"given":{"units":["bureau"]},"works":[{"articles":["demo:7"],"due_at":"2025-06-17T23:59:59+08:00","limit":"fixed","mode":null,"provisional":false,"role":"lead","unit":"bureau","work_id":"cacbfe70-f4d4-4824-b885-f70f82fb9c47"}]}','1f00e572452f099f5111643ca7a0b25a4ab5be7abde760d6faa2880dbe3f58f5','c99b57dea03dec8b13e840566403f5fd3aab58ed40cf4f13bcbf03c4e4ada5a2');
INSERT INTO "tkt_ledger" VALUES(3,12,3,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','bureau-handler','sign','{"unit":"bureau","work_id":"cacbfe70-f4d4-4824-b885-f70f82fb9c47"}','c99b57dea03dec8b13e840566403f5fd3aab58ed40cf4f13bcbf03c4e4ada5a2','41e05960e473e219b819b651d701626dbea78b8f515bd16c5d2ce11744795621');
INSERT INTO "tkt_ledger" VALUES(4,12,4,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','bureau-leader','report','{"attachments_covered":["a1"],"closing_report":"结案报告","items":[1,2],"leader":"李四","public_reply":"路灯已修复","report_id":"36d07099-88c8-49ce-884b-6347fab03335","resolved":true,"result":"已修好","satisfaction":"satisfied","seal":"seal-1","signature":"张三","unit":"bureau","work_id":"cacbfe70-f4d4-4824-b885-f70f82fb9c47"}','41e05960e473e219b819b651d701626dbea78b8f515bd16c5d2ce11744795621','5f48d9bedb06cab45e1f46620eb418fc24eb2a4390b270e73fa5e3b431c93bd7');
INSERT INTO "tkt_ledger" VALUES(5,12,5,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','system','all_reported','{}','5f48d9bedb06cab45e1f46620eb418fc24eb2a4390b270e73fa5e3b431c93bd7','c2adadbf2c54d918ea1c06585a915a0cc7fece9d4ab6290bacd92ca1c3365bbe');
INSERT INTO "tkt_ledger" VALUES(6,12,6,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','sup1','pass_review','{}','c2adadbf2c54d918ea1c06585a915a0cc7fece9d4ab6290bacd92ca1c3365bbe','6f315baca0ae0fe62ccb81dea5d7da91e8d11ac91b3045930b867b7fd07c18e5');
INSERT INTO "tkt_ledger" VALUES(7,12,7,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','sup1','call_back','{"outcome":"satisfied"}','6f315baca0ae0fe62ccb81dea5d7da91e8d11ac91b3045930b867b7fd07c18e5','5e55e1c6d87dbb436028e678f05bd5fd481583837c32b304510e1773493f2d84');
INSERT INTO "tkt_ledger" VALUES(8,12,8,'callback','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','sup1','call_back','{"outcome":"satisfied"}','5e55e1c6d87dbb436028e678f05bd5fd481583837c32b304510e1773493f2d84','539cfa009c7eb30608394103eb318940792922376cb117866129fa0f728776dc');
INSERT INTO "tkt_ledger" VALUES(9,12,9,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','sup1','close','{}','539cfa009c7eb30608394103eb318940792922376cb117866129fa0f728776dc','7bee944e522c13620484d8e785531c33ff6b65c56be512f4cbe5b9a6a2f5616d');
INSERT INTO "tkt_ledger" VALUES(10,12,10,'history','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','sup1','request_review','{"reason":"仍不亮","stage":"复查"}','7bee944e522c13620484d8e785531c33ff6b65c56be512f4cbe5b9a6a2f5616d','5e81151968a398af448364a55c4430773d69d5053137d5c728c06aca86770d1c');
INSERT INTO "tkt_ledger" VALUES(11,5,1,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','op1','register','{"number":"20250603-000002"}','0000000000000000000000000000000000000000000000000000000000000000','2bfd1d0e6fc7e07ae308f779d9b2708b6688ad60c6db8d679d9bacf44e508291');
INSERT INTO "tkt_ledger" VALUES(12,5,2,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','sup1','view','{"how":"dispatch"}','2bfd1d0e6fc7e07ae308f779d9b2708b6688ad60c6db8d679d9bacf44e508291','f431f43fb75bd262c4bb131e46dc7201310b9f9289dfd0fbfd87f6862f42495c');
INSERT INTO "tkt_ledger" VALUES(13,5,3,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','sup1','dispatch','{"given":{"units":["county"]},"works":[{"articles":["demo:7"],"due_at":"2025-06-17T23:59:59+08:00","limit":"fixed","mode":null,"provisional":false,"role":"lead","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}]}','f431f43fb75bd262c4bb131e46dc7201310b9f9289dfd0fbfd87f6862f42495c','7bd47fab21bc6532c52f25a62e1d0db2dde4df2fc560731ac2ead74fe11ad82a');
INSERT INTO "tkt_ledger" VALUES(14,5,4,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','county-handler','view','{"how":"sign"}','7bd47fab21bc6532c52f25a62e1d0db2dde4df2fc560731ac2ead74fe11ad82a','290cca69583b62a89745eecca0e77e1c7a5e8a4e8bd6dade0f63d7cb8dcc29f0');
INSERT INTO "tkt_ledger" VALUES(15,5,5,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','county-handler','sign','{"unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','290cca69583b62a89745eecca0e77e1c7a5e8a4e8bd6dade0f63d7cb8dcc29f0','a997f89e3198c438be541cb2556b2e3ab26eb5b07e10b0227722ee327bba9528');
INSERT INTO "tkt_ledger" VALUES(16,5,6,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','insp1','view','{"how":"open"}','a997f89e3198c438be541cb2556b2e3ab26eb5b07e10b0227722ee327bba9528','386dd1e3b8ffe638b8ed0e92d2c9a1ba3a6e57e6321865fe247ff6485d83dc10');
INSERT INTO "tkt_ledger" VALUES(17,5,7,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','county-handler','view','{"how":"request_extension"}','386dd1e3b8ffe638b8ed0e92d2c9a1ba3a6e57e6321865fe247ff6485d83dc10','1ba6784a53e2fc62145424a644800c0c2917268e791f9aaab123783ebdbc2d2b');
INSERT INTO "tkt_ledger" VALUES(18,5,8,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','county-handler','request_extension','{"days":2,"reason":"材料未到","request_id":"81203511-d65d-478e-a9a7-ac82fbf66190","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','1ba6784a53e2fc62145424a644800c0c2917268e791f9aaab123783ebdbc2d2b','316e92773ac7d970fa84b39a01dd10309f32db3792f41fe14dd2b1bb771d270f');
INSERT INTO "tkt_ledger" VALUES(19,5,9,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','sup1','view','{"how":"approve_extension"}','316e92773ac7d970fa84b39a01dd10309f32db3792f41fe14dd2b1bb771d270f','4739c6d85371e28bd59770f1cbc43e547eb195332ed95d4c5a0caf8b9981a911');
INSERT INTO "tkt_ledger" VALUES(20,5,10,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-06-03 01:00:00.000000','sup1','approve_extension','{"approved":true,"due_at":"2025-06-19T23:59:59+08:00","request_id":"81203511-d65d-478e-a9a7-ac82fbf66190","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','4739c6d85371e28bd59770f1cbc43e547eb195332ed95d4c5a0caf8b9981a911','3745d24ff7f078a0aff06bb9d75f610c61ee2fed0e71e969c7b1971b9e3efb44');
INSERT INTO "tkt_ledger" VALUES(21,5,11,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','system','becomes_overdue','{"due_at":"2025-06-19T15:59:59+00:00","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','3745d24ff7f078a0aff06bb9d75f610c61ee2fed0e71e969c7b1971b9e3efb44','22340b128e196971945285263297dd520a6b07156f07275feb42720be56959f9');
INSERT INTO "tkt_ledger" VALUES(22,5,12,'overdue','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','system','becomes_overdue','{"due_at":"2025-06-19T15:59:59+00:00","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','22340b128e196971945285263297dd520a6b07156f07275feb42720be56959f9','e0e3f4ca4f8384a095811756030b54dff83cdce302c00bd27f19b4b8e995a648');
INSERT INTO "tkt_ledger" VALUES(23,5,13,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','view','{"how":"urge"}','e0e3f4ca4f8384a095811756030b54dff83cdce302c00bd27f19b4b8e995a648','ba64bb980e6d69df580346bedc000649aab8f3bc282b1a6997e2ed6a4a10e9cd');
INSERT INTO "tkt_ledger" VALUES(24,5,14,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','urge','{"due_at":null,"order_id":"33b0f7f1-0f6e-45f7-8867-69863a95c06e","text":"请办理","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','ba64bb980e6d69df580346bedc000649aab8f3bc282b1a6997e2ed6a4a10e9cd','59d058db5f3d5adcb6980d75f1d9ab3f5d4923f78a46fb06429c51b26eef011d');
INSERT INTO "tkt_ledger" VALUES(25,5,15,'urge','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','urge','{"due_at":null,"order_id":"33b0f7f1-0f6e-45f7-8867-69863a95c06e","text":"请办理","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','59d058db5f3d5adcb6980d75f1d9ab3f5d4923f78a46fb06429c51b26eef011d','cbeaf26bcebc894ff2b96c13c72078da7bd52afa86c573e55354cff2e8d954eb');
INSERT INTO "tkt_ledger" VALUES(26,5,16,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','view','{"how":"urge"}','cbeaf26bcebc894ff2b96c13c72078da7bd52afa86c573e55354cff2e8d954eb','ae76c13262055e59c279a4d3f29eb23c3d92ee49a960fcf84751c8d135adf942');
INSERT INTO "tkt_ledger" VALUES(27,5,17,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','urge','{"due_at":null,"order_id":"e2921382-ef04-43db-91ac-cbc72fb96c6b","text":"请办理","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','ae76c13262055e59c279a4d3f29eb23c3d92ee49a960fcf84751c8d135adf942','e1ebe46d4881d4f2279ab632366e24a3deda5be8199276e94fb424674135d3b1');
INSERT INTO "tkt_ledger" VALUES(28,5,18,'urge','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','urge','{"due_at":null,"order_id":"e2921382-ef04-43db-91ac-cbc72fb96c6b","text":"请办理","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','e1ebe46d4881d4f2279ab632366e24a3deda5be8199276e94fb424674135d3b1','4f7b9bb2ad22842b358607d9e86d90bbbe985ae680fd221e488b35707f0384b0');
INSERT INTO "tkt_ledger" VALUES(29,5,19,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','system','duty_arises','{"act":"circular_criticism","duty_id":"bb45769b-f7ad-413c-9115-fc35740fb951","mandatory":true,"rule":"urged_twice","src":["demo:24(1)"],"unit":"county"}','4f7b9bb2ad22842b358607d9e86d90bbbe985ae680fd221e488b35707f0384b0','8d7d48ae4ff3cb0c6cc6cb16afb6da5735776e3d63ca0b794756bbf27da7c119');
INSERT INTO "tkt_ledger" VALUES(30,5,20,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','view','{"how":"supervise"}','8d7d48ae4ff3cb0c6cc6cb16afb6da5735776e3d63ca0b794756bbf27da7c119','0c8c12aa35919c374b1a9fa4cf517f24728d00105b2f08c3ec9a3851091d9802');
INSERT INTO "tkt_ledger" VALUES(31,5,21,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','supervise','{"days":3,"due_at":"2025-08-04T23:59:59+08:00","ground":"overdue","opinion":"限期办理","order_id":"8758123c-e37b-4bda-a972-2e6b98af4645","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','0c8c12aa35919c374b1a9fa4cf517f24728d00105b2f08c3ec9a3851091d9802','df5076b14e0cc9ef0c28c0bc4ee6ae693ff9d01de917948d9c7f14767e1ce7bd');
INSERT INTO "tkt_ledger" VALUES(32,5,22,'supervise','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','supervise','{"days":3,"due_at":"2025-08-04T23:59:59+08:00","ground":"overdue","opinion":"限期办理","order_id":"8758123c-e37b-4bda-a972-2e6b98af4645","unit":"county","work_id":"c2494b82-e577-4548-9a82-1e8ce77a1c29"}','df5076b14e0cc9ef0c28c0bc4ee6ae693ff9d01de917948d9c7f14767e1ce7bd','682fce91d1523c1bd3ed11249deecf8e1255a205b2c8feda33f6319f0128d196');
INSERT INTO "tkt_ledger" VALUES(33,5,23,'access','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','view','{"how":"call_meeting"}','682fce91d1523c1bd3ed11249deecf8e1255a205b2c8feda33f6319f0128d196','7ace4417ef3fd35028bf3c8e02e7f2eae88312069fdd31bc8a5de07be591a65e');
INSERT INTO "tkt_ledger" VALUES(34,5,24,'history','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','call_meeting','{"at":"2025-07-30T12:00:00+08:00","meeting_id":"5e44b8eb-b7aa-4355-88cd-2ddfe4d537d1","place":"现场","units":["county"]}','7ace4417ef3fd35028bf3c8e02e7f2eae88312069fdd31bc8a5de07be591a65e','5219800048a82e55eced316fb9114e8d18e561519a271c400d7e0e5c859e9ebb');
INSERT INTO "tkt_ledger" VALUES(35,5,25,'emergency','dce766e7-45c9-464a-baad-1457824f8191','2025-07-30 01:00:00.000000','sup1','call_meeting','{"at":"2025-07-30T12:00:00+08:00","meeting_id":"5e44b8eb-b7aa-4355-88cd-2ddfe4d537d1","place":"现场","units":["county"]}','5219800048a82e55eced316fb9114e8d18e561519a271c400d7e0e5c859e9ebb','1ea085377d4e6b34674bef8947831f551062fb0da33514ceef128b9453060f36');
INSERT INTO "tkt_ledger" VALUES(36,4,1,'history','21b3b947-8549-4fbd-9dc8-681c53d35f41','2025-07-30 01:00:00.000000','op1','register','{"number":"20250730-000001"}','0000000000000000000000000000000000000000000000000000000000000000','0a72eada2e7f78265244e3fe0790fe20c28f0d57414444bfe629e06e5aaf58af');
CREATE TABLE tkt_meeting (
	meeting_id VARCHAR(36) NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	place VARCHAR(500) NOT NULL, 
	at DATETIME NOT NULL, 
	units JSON NOT NULL, 
	attendance JSON NOT NULL, 
	PRIMARY KEY (meeting_id)
);
INSERT INTO "tkt_meeting" VALUES('5e44b8eb-b7aa-4355-88cd-2ddfe4d537d1','dce766e7-45c9-464a-baad-1457824f8191','现场','2025-07-30 04:00:00.000000','["county"]','{}');
CREATE TABLE tkt_number_day (
	day VARCHAR(8) NOT NULL, 
	value BIGINT NOT NULL, 
	PRIMARY KEY (day)
);
INSERT INTO "tkt_number_day" VALUES('20250603',2);
INSERT INTO "tkt_number_day" VALUES('20250730',1);
CREATE TABLE tkt_opinion (
	opinion_id VARCHAR(36) NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	source VARCHAR(20) NOT NULL, 
	outcome VARCHAR(30) NOT NULL, 
	solved BOOLEAN, 
	contacted BOOLEAN, 
	note TEXT NOT NULL, 
	PRIMARY KEY (opinion_id)
);
INSERT INTO "tkt_opinion" VALUES('1f0ac0bd-944d-4005-9e99-9490892d46a6','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','2025-06-03 01:00:00.000000','sup1','callback','satisfied',NULL,NULL,'');
CREATE TABLE tkt_order (
	order_id VARCHAR(36) NOT NULL, 
	serial INTEGER NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	work_id VARCHAR(36) NOT NULL, 
	unit_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	form VARCHAR(20), 
	ground VARCHAR(30), 
	opinion TEXT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	issued_by VARCHAR(64) NOT NULL, 
	due_at DATETIME, 
	answer TEXT, 
	evaluation TEXT, 
	expired BOOLEAN, 
	PRIMARY KEY (order_id)
);
INSERT INTO "tkt_order" VALUES('33b0f7f1-0f6e-45f7-8867-69863a95c06e',1,'dce766e7-45c9-464a-baad-1457824f8191','c2494b82-e577-4548-9a82-1e8ce77a1c29','county','urge',NULL,NULL,'请办理','done','2025-07-30 01:00:00.000000','sup1',NULL,NULL,NULL,NULL);
INSERT INTO "tkt_order" VALUES('e2921382-ef04-43db-91ac-cbc72fb96c6b',2,'dce766e7-45c9-464a-baad-1457824f8191','c2494b82-e577-4548-9a82-1e8ce77a1c29','county','urge',NULL,NULL,'请办理','done','2025-07-30 01:00:00.000000','sup1',NULL,NULL,NULL,NULL);
INSERT INTO "tkt_order" VALUES('8758123c-e37b-4bda-a972-2e6b98af4645',3,'dce766e7-45c9-464a-baad-1457824f8191','c2494b82-e577-4548-9a82-1e8ce77a1c29','county','supervise',NULL,'overdue','限期办理','open','2025-07-30 01:00:00.000000','sup1','2025-08-04 15:59:59.000000',NULL,NULL,NULL);
CREATE TABLE tkt_outbox (
	outbox_id INTEGER NOT NULL, 
	event VARCHAR(40) NOT NULL, 
	body JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	due_at DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	problem VARCHAR(500), 
	PRIMARY KEY (outbox_id)
);
INSERT INTO "tkt_outbox" VALUES(1,'ticket_created','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "registered", "version": 1}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(2,'work_delivered','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "delivered", "version": 2, "work_id": "cacbfe70-f4d4-4824-b885-f70f82fb9c47", "unit": "bureau"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(3,'ticket_dispatched','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "delivered", "version": 2}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(4,'work_signed','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "signed", "version": 3, "work_id": "cacbfe70-f4d4-4824-b885-f70f82fb9c47", "unit": "bureau"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(5,'work_reported','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "centre_review", "version": 4, "work_id": "cacbfe70-f4d4-4824-b885-f70f82fb9c47", "unit": "bureau"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(6,'ticket_reported','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "centre_review", "version": 4}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(7,'work_accepted','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "callback", "version": 5, "work_id": "cacbfe70-f4d4-4824-b885-f70f82fb9c47", "unit": "bureau"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(8,'ticket_reviewed','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "callback", "version": 5}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(9,'ticket_called_back','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "callback", "version": 6}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(10,'satisfaction_asked','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "closed", "version": 7, "via": "\u77ed\u4fe1"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(11,'ticket_closed','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "closed", "version": 7}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(12,'ticket_review_requested','{"ticket_id": "d6cb90e3-1afe-40c3-93cb-1d190666f0bc", "number": "20250603-000001", "status": "review_requested", "version": 8}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(13,'ticket_created','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "registered", "version": 1, "protected": true, "hidden_from": ["op9"]}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(14,'work_delivered','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "delivered", "version": 2, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(15,'ticket_dispatched','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "delivered", "version": 2, "protected": true, "hidden_from": ["op9"]}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(16,'work_signed','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "signed", "version": 3, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(17,'extension_requested','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "extension_requested", "version": 4, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(18,'extension_decided','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 5, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-06-03 01:00:00.000000','waiting','2025-06-03 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(19,'work_due_soon','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 5, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(20,'work_overdue','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 6, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(21,'work_urged','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 7, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(22,'work_urged','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 8, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(23,'duty_created','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 8, "protected": true, "hidden_from": ["op9"], "duty_id": "bb45769b-f7ad-413c-9115-fc35740fb951", "act": "circular_criticism"}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(24,'work_supervised','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 9, "protected": true, "hidden_from": ["op9"], "work_id": "c2494b82-e577-4548-9a82-1e8ce77a1c29", "unit": "county"}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(25,'meeting_called','{"ticket_id": "dce766e7-45c9-464a-baad-1457824f8191", "number": "20250603-000002", "status": "handling", "version": 10, "protected": true, "hidden_from": ["op9"]}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
INSERT INTO "tkt_outbox" VALUES(26,'ticket_created','{"ticket_id": "21b3b947-8549-4fbd-9dc8-681c53d35f41", "number": "20250730-000001", "status": "registered", "version": 1}','2025-07-30 01:00:00.000000','waiting','2025-07-30 01:00:00.000000',0,NULL);
CREATE TABLE tkt_recusal (
	recusal_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(64) NOT NULL, 
	scope VARCHAR(10) NOT NULL, 
	scope_id VARCHAR(64) NOT NULL, 
	reason TEXT NOT NULL, 
	declared_at DATETIME NOT NULL, 
	declared_by VARCHAR(64) NOT NULL, 
	ended_at DATETIME, 
	PRIMARY KEY (recusal_id)
);
INSERT INTO "tkt_recusal" VALUES('值x','值x','值x','值x','值x','2025-06-03 01:00:00.000000','值x','2025-06-03 01:00:00.000000');
CREATE TABLE tkt_report (
	report_id VARCHAR(36) NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	work_id VARCHAR(36) NOT NULL, 
	filed_at DATETIME NOT NULL, 
	filed_by VARCHAR(64) NOT NULL, 
	result TEXT NOT NULL, 
	public_reply TEXT NOT NULL, 
	resolved BOOLEAN, 
	body JSON NOT NULL, 
	PRIMARY KEY (report_id)
);
INSERT INTO "tkt_report" VALUES('36d07099-88c8-49ce-884b-6347fab03335','d6cb90e3-1afe-40c3-93cb-1d190666f0bc','cacbfe70-f4d4-4824-b885-f70f82fb9c47','2025-06-03 01:00:00.000000','bureau-leader','已修好','路灯已修复',1,'{"signature": "\u5f20\u4e09", "seal": "seal-1", "leader": "\u674e\u56db", "attachments_covered": ["a1"], "satisfaction": "satisfied", "closing_report": "\u7ed3\u6848\u62a5\u544a"}');
CREATE TABLE tkt_request (
	request_id VARCHAR(36) NOT NULL, 
	serial INTEGER NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	work_id VARCHAR(36) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	reason TEXT NOT NULL, 
	days INTEGER, 
	status VARCHAR(10) NOT NULL, 
	filed_at DATETIME NOT NULL, 
	filed_by VARCHAR(64) NOT NULL, 
	decided_at DATETIME, 
	decided_by VARCHAR(64), 
	ruling TEXT, 
	PRIMARY KEY (request_id)
);
INSERT INTO "tkt_request" VALUES('81203511-d65d-478e-a9a7-ac82fbf66190',1,'dce766e7-45c9-464a-baad-1457824f8191','c2494b82-e577-4548-9a82-1e8ce77a1c29','extension','材料未到',2,'approved','2025-06-03 01:00:00.000000','county-handler','2025-06-03 01:00:00.000000','sup1',NULL);
CREATE TABLE tkt_setting (
	name VARCHAR(80) NOT NULL, 
	value JSON NOT NULL, 
	version INTEGER NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by VARCHAR(64) NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "tkt_setting" VALUES('值x','{"k": ["\u503c", 1]}',7,'2025-06-03 01:00:00.000000','值x');
CREATE TABLE tkt_setting_change (
	change_id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	PRIMARY KEY (change_id)
);
INSERT INTO "tkt_setting_change" VALUES(7,'值x');
CREATE TABLE tkt_ticket (
	ticket_id VARCHAR(36) NOT NULL, 
	number VARCHAR(20) NOT NULL, 
	status VARCHAR(30) NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	category VARCHAR(100) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	text TEXT NOT NULL, 
	place VARCHAR(500) NOT NULL, 
	caller_name VARCHAR(100) NOT NULL, 
	caller_number VARCHAR(40) NOT NULL, 
	caller_key VARCHAR(40) NOT NULL, 
	contact_id VARCHAR(64), 
	confidential BOOLEAN NOT NULL, 
	created_by VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	due_at DATETIME, 
	unit VARCHAR(64), 
	phase VARCHAR(30) DEFAULT 'registered' NOT NULL, 
	city VARCHAR(40) DEFAULT '' NOT NULL, 
	pack_version VARCHAR(80) DEFAULT '' NOT NULL, 
	origin VARCHAR(40) DEFAULT 'citizen' NOT NULL, 
	mode VARCHAR(20), 
	yellow_from DATETIME, 
	provisional BOOLEAN DEFAULT false NOT NULL, 
	citizen_due_at DATETIME, 
	closed_at DATETIME, 
	wake_at DATETIME, 
	urgent BOOLEAN DEFAULT false NOT NULL, 
	major BOOLEAN DEFAULT false NOT NULL, 
	emergency VARCHAR(80), 
	leader_assigned BOOLEAN DEFAULT false NOT NULL, 
	no_reply BOOLEAN DEFAULT false NOT NULL, 
	accused_unit VARCHAR(64), 
	accused_person VARCHAR(100), 
	matter_id VARCHAR(36), 
	merged_into VARCHAR(36), 
	public_reply TEXT DEFAULT '' NOT NULL, 
	satisfaction VARCHAR(30), 
	reviews INTEGER DEFAULT '0' NOT NULL, 
	attachments JSON DEFAULT '[]' NOT NULL, 
	settled VARCHAR(30), 
	query_hash VARCHAR(64), 
	PRIMARY KEY (ticket_id), 
	UNIQUE (number)
);
INSERT INTO "tkt_ticket" VALUES('d6cb90e3-1afe-40c3-93cb-1d190666f0bc','20250603-000001','review_requested','complaint','','路灯不亮','','','','','8613800138000','call-1',0,'op1','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000',8,'2025-06-17 15:59:59.000000','bureau','review_requested','demo','2020','citizen',NULL,NULL,0,'2025-06-17 15:59:59.000000','2025-06-03 01:00:00.000000',NULL,0,0,NULL,0,0,NULL,NULL,NULL,NULL,'路灯已修复','satisfied',1,'["a1"]',NULL,NULL);
INSERT INTO "tkt_ticket" VALUES('dce766e7-45c9-464a-baad-1457824f8191','20250603-000002','handling','complaint','','工地夜间施工','','','','','',NULL,1,'op1','2025-06-03 01:00:00.000000','2025-07-30 01:00:00.000000',10,'2025-06-19 15:59:59.000000','county','dispatched','demo','2020','citizen',NULL,'2025-06-17 16:00:00.000000',0,'2025-06-19 15:59:59.000000',NULL,NULL,0,0,NULL,0,0,NULL,'op9',NULL,NULL,'',NULL,0,'[]',NULL,NULL);
INSERT INTO "tkt_ticket" VALUES('21b3b947-8549-4fbd-9dc8-681c53d35f41','20250730-000001','registered','inquiry','','咨询办证','','','','','',NULL,0,'op1','2025-07-30 01:00:00.000000','2025-07-30 01:00:00.000000',1,NULL,NULL,'registered','demo','2020','citizen',NULL,NULL,0,NULL,NULL,NULL,0,0,NULL,0,0,NULL,NULL,NULL,NULL,'',NULL,0,'[]',NULL,NULL);
CREATE TABLE tkt_work (
	work_id VARCHAR(36) NOT NULL, 
	serial INTEGER NOT NULL, 
	ticket_id VARCHAR(36) NOT NULL, 
	parent_id VARCHAR(36), 
	unit_id VARCHAR(64) NOT NULL, 
	role VARCHAR(10) NOT NULL, 
	depth INTEGER NOT NULL, 
	status VARCHAR(30) NOT NULL, 
	mode VARCHAR(20), 
	items JSON NOT NULL, 
	attachments JSON NOT NULL, 
	delivered_at DATETIME NOT NULL, 
	delivered_by VARCHAR(64) NOT NULL, 
	signed_at DATETIME, 
	reported_at DATETIME, 
	ended_at DATETIME, 
	due_at DATETIME, 
	target_at DATETIME, 
	sign_due_at DATETIME, 
	return_due_at DATETIME, 
	yellow_from DATETIME, 
	provisional BOOLEAN DEFAULT false NOT NULL, 
	clock JSON NOT NULL, 
	extensions INTEGER DEFAULT '0' NOT NULL, 
	locked VARCHAR(20), 
	explained BOOLEAN DEFAULT false NOT NULL, 
	overdue BOOLEAN DEFAULT false NOT NULL, 
	redone INTEGER DEFAULT '0' NOT NULL, 
	next_check DATETIME, 
	warned BOOLEAN DEFAULT false NOT NULL, 
	PRIMARY KEY (work_id)
);
INSERT INTO "tkt_work" VALUES('cacbfe70-f4d4-4824-b885-f70f82fb9c47',1,'d6cb90e3-1afe-40c3-93cb-1d190666f0bc',NULL,'bureau','lead',1,'accepted',NULL,'[1, 2]','["a1"]','2025-06-03 01:00:00.000000','sup1','2025-06-03 01:00:00.000000','2025-06-03 01:00:00.000000',NULL,'2025-06-17 15:59:59.000000',NULL,'2025-06-03 03:00:00.000000','2025-06-04 15:59:59.000000','2025-06-15 16:00:00.000000',0,'{"status": "fixed", "note": null, "src": ["demo:7"], "limit": {"amount": 10, "unit": "wd", "target": null, "article": "demo:7"}, "start": "2025-06-03T09:00:00+08:00", "extensions": [], "pauses": [], "version": "2020", "days": null, "basis": null}',0,NULL,0,0,0,NULL,0);
INSERT INTO "tkt_work" VALUES('c2494b82-e577-4548-9a82-1e8ce77a1c29',1,'dce766e7-45c9-464a-baad-1457824f8191',NULL,'county','lead',1,'handling',NULL,'[]','[]','2025-06-03 01:00:00.000000','sup1','2025-06-03 01:00:00.000000',NULL,NULL,'2025-06-19 15:59:59.000000',NULL,'2025-06-03 03:00:00.000000','2025-06-04 15:59:59.000000','2025-06-17 16:00:00.000000',0,'{"status": "fixed", "note": null, "src": ["demo:7"], "limit": {"amount": 10, "unit": "wd", "target": null, "article": "demo:7"}, "start": "2025-06-03T09:00:00+08:00", "extensions": [{"amount": 2, "unit": "wd", "approved": "2025-06-03T09:00:00+08:00", "article": "demo:11"}], "pauses": [], "version": "2020", "days": null, "basis": null}',1,NULL,0,1,0,NULL,1);
CREATE INDEX ix_cti_agent_state_agent ON cti_agent_state (agent_id, began_at);
CREATE INDEX ix_cti_call_agent_id ON cti_call (agent_id);
CREATE INDEX ix_cti_call_arrived_at ON cti_call (arrived_at);
CREATE INDEX ix_cti_call_call_id ON cti_call (call_id);
CREATE INDEX ix_cti_call_caller_key ON cti_call (caller_key);
CREATE INDEX ix_cti_call_ended_at ON cti_call (ended_at);
CREATE INDEX ix_cti_fact_at ON cti_fact (at);
CREATE INDEX ix_cti_fact_contact ON cti_fact (contact_id, fact_id);
CREATE INDEX ix_desk_access_object ON desk_access (what, object_id);
CREATE INDEX ix_desk_access_user ON desk_access (user_id, at);
CREATE INDEX ix_desk_session_expires_at ON desk_session (expires_at);
CREATE INDEX ix_desk_session_user_id ON desk_session (user_id);
CREATE INDEX ix_rec_alarm_open ON rec_alarm (cleared_at, kind);
CREATE INDEX ix_rec_hold_contact ON rec_hold (contact_id);
CREATE INDEX ix_rec_ledger_recording ON rec_ledger (recording_id);
CREATE INDEX ix_rec_ledger_seal ON rec_ledger (seal_number);
CREATE INDEX ix_rec_mark_contact ON rec_mark (contact_id, at);
CREATE INDEX ix_rec_play_open ON rec_play (closed_at);
CREATE INDEX ix_rec_play_recording ON rec_play (recording_id, began_at);
CREATE INDEX ix_rec_recording_created ON rec_recording (created_at);
CREATE INDEX ix_rec_recording_listening ON rec_recording (listening, state);
CREATE INDEX ix_rec_recording_work ON rec_recording (state, next_try_at);
CREATE INDEX tkt_duty_open ON tkt_duty (status, created_at);
CREATE INDEX tkt_duty_ticket ON tkt_duty (ticket_id);
CREATE INDEX tkt_idempotency_age ON tkt_idempotency (created_at);
CREATE INDEX tkt_ledger_ticket ON tkt_ledger (ticket_id, ledger, entry_id);
CREATE INDEX tkt_meeting_ticket ON tkt_meeting (ticket_id);
CREATE INDEX tkt_opinion_ticket ON tkt_opinion (ticket_id, at);
CREATE INDEX tkt_order_due ON tkt_order (status, due_at);
CREATE INDEX tkt_order_ticket ON tkt_order (ticket_id, kind);
CREATE INDEX tkt_outbox_due ON tkt_outbox (state, due_at);
CREATE INDEX tkt_recusal_scope ON tkt_recusal (scope, scope_id);
CREATE INDEX tkt_recusal_user ON tkt_recusal (user_id);
CREATE INDEX tkt_report_ticket ON tkt_report (ticket_id);
CREATE INDEX tkt_report_work ON tkt_report (work_id, filed_at);
CREATE INDEX tkt_request_pending ON tkt_request (status, filed_at);
CREATE INDEX tkt_request_ticket ON tkt_request (ticket_id);
CREATE INDEX tkt_ticket_caller ON tkt_ticket (caller_key, created_at DESC);
CREATE INDEX tkt_ticket_contact ON tkt_ticket (contact_id);
CREATE INDEX tkt_ticket_due ON tkt_ticket (due_at);
CREATE INDEX tkt_ticket_matter ON tkt_ticket (matter_id);
CREATE INDEX tkt_ticket_newest ON tkt_ticket (created_at DESC, ticket_id DESC);
CREATE INDEX tkt_ticket_status_newest ON tkt_ticket (status, created_at DESC, ticket_id DESC);
CREATE INDEX tkt_ticket_unit_newest ON tkt_ticket (unit, created_at DESC, ticket_id DESC);
CREATE INDEX tkt_ticket_wake ON tkt_ticket (wake_at);
CREATE INDEX tkt_work_check ON tkt_work (next_check);
CREATE INDEX tkt_work_provisional ON tkt_work (provisional);
CREATE INDEX tkt_work_ticket ON tkt_work (ticket_id, serial);
CREATE INDEX tkt_work_unit ON tkt_work (unit_id, status, due_at);
CREATE INDEX ix_rec_transcript_work ON rec_transcript (state, priority, created_at);
CREATE INDEX ix_rec_segment_recording ON rec_segment (recording_id, start);
CREATE INDEX ix_rec_segment_transcript_id ON rec_segment (transcript_id);
COMMIT;
