// What a login does, with the AWS SDK for Go 2.
// Reads a request a line from stdin and writes an answer a line to stdout, both JSON;
// tests/sdks/programs.py describes them.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

type request struct {
	Operation   string
	Credentials []string
	Profile     string
	Serial      *string
	Code        *string
	Duration    *int32
	Times       int
}

type answer struct {
	Arn         *string  `json:"arn,omitempty"`
	Credentials []string `json:"credentials,omitempty"`
	Code        string   `json:"code,omitempty"`
	Error       string   `json:"error,omitempty"`
	Message     string   `json:"message,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		said, err := carryOut(context.Background(), asked)
		if err != nil {
			said = failure(err)
		}
		if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
			panic(err)
		}
	}
}

// carryOut calls the operation asked.Times times with one client; the last answer counts.
func carryOut(ctx context.Context, asked request) (said answer, err error) {
	cfg, err := configuration(ctx, asked)
	if err != nil {
		return said, err
	}
	call, err := operation(cfg, asked)
	for i := 0; i < asked.Times && err == nil; i++ {
		said, err = call(ctx)
	}
	return said, err
}

func configuration(ctx context.Context, asked request) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithAssumeRoleCredentialOptions(func(role *stscreds.AssumeRoleOptions) {
			role.TokenProvider = func() (string, error) { return aws.ToString(asked.Code), nil }
		}),
	}
	if asked.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(asked.Profile))
	}
	if c := asked.Credentials; c != nil {
		given := credentials.NewStaticCredentialsProvider(c[0], c[1], c[2])
		options = append(options, config.WithCredentialsProvider(given))
	}
	return config.LoadDefaultConfig(ctx, options...)
}

func operation(cfg aws.Config, asked request) (func(context.Context) (answer, error), error) {
	switch asked.Operation {
	case "GetCallerIdentity":
		client := sts.NewFromConfig(cfg)
		return func(ctx context.Context) (answer, error) {
			out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
			if err != nil {
				return answer{}, err
			}
			return answer{Arn: out.Arn}, nil
		}, nil
	case "GetSessionToken":
		client := sts.NewFromConfig(cfg)
		return func(ctx context.Context) (answer, error) {
			out, err := client.GetSessionToken(ctx, &sts.GetSessionTokenInput{
				SerialNumber: asked.Serial, TokenCode: asked.Code, DurationSeconds: asked.Duration,
			})
			if err != nil {
				return answer{}, err
			}
			c := out.Credentials
			return answer{Credentials: []string{*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken}}, nil
		}, nil
	case "GetUser":
		client := iam.NewFromConfig(cfg)
		return func(ctx context.Context) (answer, error) {
			out, err := client.GetUser(ctx, &iam.GetUserInput{})
			if err != nil {
				return answer{}, err
			}
			return answer{Arn: out.User.Arn}, nil
		}, nil
	case "ListBuckets":
		client := s3.NewFromConfig(cfg)
		return func(ctx context.Context) (answer, error) {
			_, err := client.ListBuckets(ctx, &s3.ListBucketsInput{})
			return answer{}, err
		}, nil
	}
	return nil, fmt.Errorf("no such operation: %s", asked.Operation)
}

// failure has AWS's code, or the type of the innermost error where AWS refused nothing.
func failure(err error) answer {
	if api := (smithy.APIError)(nil); errors.As(err, &api) {
		return answer{Code: api.ErrorCode(), Message: api.ErrorMessage()}
	}
	inner := err
	for errors.Unwrap(inner) != nil {
		inner = errors.Unwrap(inner)
	}
	return answer{Error: fmt.Sprintf("%T", inner), Message: err.Error()}
}
