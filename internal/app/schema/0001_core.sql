CREATE TABLE placeholder (x BIGINT);
